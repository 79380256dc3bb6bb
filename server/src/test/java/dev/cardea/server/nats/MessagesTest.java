package dev.cardea.server.nats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cardea.messaging.broker.Arrival;
import dev.cardea.messaging.presence.PresenceEvent;
import dev.cardea.wire.Bytes;
import dev.cardea.wire.Malformed;
import dev.cardea.wire.centrifuge.ClientInfo;
import dev.cardea.wire.centrifuge.Publication;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class MessagesTest {
    private static final Publication DATUM = Publication.of(Bytes.utf8("42"));

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    @Test
    void aStoredPublicationIsReadAsItWasWritten() {
        // field 4, two bytes
        assertThat(Messages.stored(7, true, 0, "", DATUM))
                .isEqualTo(bytes("a\1\0\0\0\0\0\0\0\7\"\00242"));
        var stored = Messages.parseStored(Messages.stored(-3, false, -1, "épo", DATUM));
        assertThat(stored.nonce()).isEqualTo(-3);
        assertThat(stored.isPatched()).isFalse();
        assertThat(stored.version()).isEqualTo(-1);
        assertThat(stored.versionEpoch()).isEqualTo("épo");
        assertThat(stored.publication().data().toUtf8()).isEqualTo("42");
    }

    @Test
    void whatIsToldIsReadAsItWasWritten() {
        Arrival passing = Messages.parseTold(Messages.passing(true, DATUM));
        assertThat(passing).isInstanceOf(Arrival.Passing.class);
        assertThat(((Arrival.Passing) passing).isPatched()).isTrue();
        SplittableRandom random = new SplittableRandom(7);
        List<PresenceEvent> events = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            byte[] info = new byte[random.nextInt(300)];
            random.nextBytes(info);
            ClientInfo who = new ClientInfo("ü" + i, "c" + i, Bytes.wrap(info), Bytes.EMPTY);
            events.add(new PresenceEvent(random.nextBoolean(), who));
        }
        assertThat(Messages.parseTold(Messages.events(events)))
                .isEqualTo(new Arrival.Events(events));
    }

    @Test
    void damagedMessagesAreMalformedAndNothingElse() {
        assertThatThrownBy(() -> Messages.parseTold(bytes(""))).isInstanceOf(Malformed.class);
        assertThatThrownBy(() -> Messages.parseTold(bytes("x"))).isInstanceOf(Malformed.class);
        assertThatThrownBy(() -> Messages.parseTold(bytes("e\1\177\377\377\377")))
                .isInstanceOf(Malformed.class);
        assertThatThrownBy(() ->
                        Messages.parseStored(bytes("a\2\0\0\0\0\0\0\0\7\0\0\0\0\0\0\0\1\377\377x")))
                .isInstanceOf(Malformed.class);
        ClientInfo ann = new ClientInfo("ann", "c", Bytes.utf8("1"), Bytes.EMPTY);
        List<byte[]> whole =
                List.of(
                        Messages.stored(9, true, 3, "epoch", DATUM),
                        Messages.passing(false, DATUM),
                        Messages.events(List.of(new PresenceEvent(true, ann))));
        SplittableRandom random = new SplittableRandom(8);
        for (int i = 0; i < 20_000; i++) {
            byte[] one = whole.get(i % whole.size());
            byte[] damaged = Arrays.copyOf(one, random.nextInt(one.length + 4));
            for (int j = random.nextInt(4); j > 0 && damaged.length > 0; j--)
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
            try {
                if (i % whole.size() == 0) assertThat(Messages.parseStored(damaged)).isNotNull();
                else assertThat(Messages.parseTold(damaged)).isNotNull();
            } catch (Malformed _) {
                // as it should be
            }
        }
    }
}
