package dev.cardea.server.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cardea.messaging.broker.Arrival;
import dev.cardea.messaging.broker.Mark;
import dev.cardea.messaging.presence.PresenceEvent;
import dev.cardea.server.config.RedisLayout;
import dev.cardea.wire.Bytes;
import dev.cardea.wire.Malformed;
import dev.cardea.wire.centrifuge.ClientInfo;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class MessagesTest {
    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    @Test
    void aPublicationIsALineOfWordsAndTheClientProtocolsOwnMessage() {
        // field 4, two bytes
        Arrival arrival = Messages.parse(bytes("a Xy7 18446744073709551615 42 41 1\n\"\00242"));
        assertThat(arrival).isInstanceOf(Arrival.Appended.class);
        Arrival.Appended appended = (Arrival.Appended) arrival;
        assertThat(appended.at()).isEqualTo(new Mark("Xy7", -1, 42));
        assertThat(appended.previousOffset()).isEqualTo(-2);
        assertThat(appended.previousNonce()).isEqualTo(41);
        assertThat(appended.isPatched()).isTrue();
        assertThat(appended.publication().data().toUtf8()).isEqualTo("42");
        assertThat(Messages.parse(bytes("p 0\n\"\00242"))).isInstanceOf(Arrival.Passing.class);
        assertThat(Messages.parse(bytes("d\n"))).isEqualTo(new Arrival.Doubt());
    }

    @Test
    void joinsAndLeavesAreReadAsTheyWereWritten() {
        SplittableRandom random = new SplittableRandom(7);
        List<PresenceEvent> events = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            byte[] info = new byte[random.nextInt(300)];
            random.nextBytes(info);
            events.add(
                    new PresenceEvent(
                            random.nextBoolean(),
                            new ClientInfo("ü" + i, "c" + i, Bytes.wrap(info), Bytes.EMPTY)));
        }
        assertThat(Messages.parse(Messages.events(events))).isEqualTo(new Arrival.Events(events));
    }

    @Test
    void whatNoNodeWritesIsMalformed() {
        for (String text :
                List.of(
                        "",
                        "a",
                        "x\n",
                        "a e 1 2 3\n",
                        "a e one 2 3 0\n",
                        "a e 99999999999999999999 2 3 0\n",
                        "p\n",
                        "p 0\n\"\37742",
                        "e\n\001\177",
                        "e\n\001\377\377\377\377",
                        "a " + "e".repeat(300) + " 1 2 3 0\n")) {
            assertThatThrownBy(() -> Messages.parse(bytes(text)))
                    .as(text)
                    .isInstanceOf(Malformed.class);
        }
    }

    @Test
    void damagedMessagesAreMalformedAndNothingElse() {
        byte[] whole = bytes("a Xy7 12 42 41 1\n\"\00242\052\010\012\002ab\022\002cd");
        SplittableRandom random = new SplittableRandom(8);
        for (int i = 0; i < 20_000; i++) {
            byte[] damaged = Arrays.copyOf(whole, random.nextInt(whole.length + 4));
            for (int j = random.nextInt(4); j > 0 && damaged.length > 0; j--)
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
            try {
                assertThat(Messages.parse(damaged)).isNotNull();
            } catch (Malformed _) {
                // as it should be
            }
        }
    }

    @Test
    void namesOfChannelsComeBackWhateverIsInThem() {
        Keys keys = new Keys("p", RedisLayout.CARDEA);
        for (String channel : List.of("news", "a{b}c", "}x", "_}:}x", "{%}", "ü:1", "}!", "{}")) {
            assertThat(keys.channelOf(keys.told(channel))).isEqualTo(channel);
        }
        assertThat(keys.channelOf("p:control")).isNull();
        assertThat(keys.channelOf("p:ch:other")).isNull();
    }
}
