package dev.cardea.server.hostile;

import static dev.cardea.server.hostile.AttackedServer.SOON;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cardea.testkit.websocket.CentrifugeSocket;
import dev.cardea.wire.Bytes;
import dev.cardea.wire.centrifuge.Command;
import dev.cardea.wire.centrifuge.Publication;
import dev.cardea.wire.centrifuge.Push;
import dev.cardea.wire.centrifuge.Reply;
import dev.cardea.wire.centrifuge.SubscribeRequest;
import dev.cardea.wire.fossil.FossilPatch;
import dev.cardea.wire.json.JsonNames;
import dev.cardea.wire.json.JsonReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A publisher sends bytes that are no text into a channel that others read as patches of JSON.
 * Nobody's socket may break, and everybody has what was published.
 */
@Timeout(120)
final class BrokenTextTest {
    private static final String CHANNEL = "documents";

    private static SubscribeRequest withDeltas() {
        return new SubscribeRequest(
                CHANNEL, "", false, "", 0, Bytes.EMPTY, false, false, false, "fossil", null, 0, 0);
    }

    /** Text, and the same cut inside of a character, with bytes of other encodings, with noise. */
    private static List<byte[]> payloads() {
        String text = "{\"дверь\":\"" + "открыта и закрыта 🚪 ".repeat(10) + "\",\"n\":%d}";
        List<byte[]> payloads = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            byte[] whole = text.formatted(i).getBytes(StandardCharsets.UTF_8);
            payloads.add(whole);
            payloads.add(text.formatted(i + 1000).getBytes(StandardCharsets.UTF_8));
            byte[] broken = whole.clone();
            switch (i % 5) {
                case 0 -> broken = Arrays.copyOf(whole, 5 + i); // ends inside of a character
                case 1 -> broken = Arrays.copyOfRange(whole, 3 + i, whole.length);
                case 2 -> broken[20] = (byte) 0xFF; // in no UTF-8 at all
                case 3 -> {
                    broken[13] = (byte) 0xED; // half of a surrogate pair
                    broken[14] = (byte) 0xA0;
                    broken[15] = (byte) 0x80;
                }
                default -> Arrays.fill(broken, (byte) 0x80);
            }
            payloads.add(broken);
            payloads.add(Arrays.copyOf(broken, broken.length - 1));
        }
        return payloads;
    }

    @Test
    void bytesThatAreNoTextAreAsGoodABaseAsAny() throws Exception {
        String yaml =
                """
                client: {insecure: true}
                channel: {without_namespace: {allowed_delta_types: [fossil], delta_publish: true}}
                """;
        try (AttackedServer server = AttackedServer.start(yaml);
                CentrifugeSocket publisher = server.connectedProtobuf();
                CentrifugeSocket json = server.connected();
                CentrifugeSocket protobuf = server.connectedProtobuf()) {
            for (CentrifugeSocket reader : List.of(json, protobuf)) {
                reader.send(new Command.Subscribe(2, withDeltas()));
                reader.answer(2, SOON);
            }
            List<byte[]> payloads = payloads();
            Bytes text = Bytes.EMPTY;
            Bytes bytes = Bytes.EMPTY;
            int patches = 0;
            for (int i = 0; i < payloads.size(); i++) {
                Bytes payload = Bytes.wrap(payloads.get(i));
                publisher.send(new Command.Publish(10 + i, CHANNEL, payload, 0, "", false));
                assertThat(publisher.answer(10 + i, SOON)).isEqualTo(new Reply.Publish(10 + i));
                Publication asText = publication(json);
                Publication asBytes = publication(protobuf);
                if (asText.delta()) patches++;
                text = now(text, string(asText.data()), asText.delta());
                bytes = now(bytes, asBytes.data(), asBytes.delta());
                assertThat(bytes).as("publication %s", i).isEqualTo(payload);
                assertThat(text).as("publication %s", i).isEqualTo(inJson(payload));
            }
            assertThat(patches).isGreaterThan(10);
        }
    }

    private static Publication publication(CentrifugeSocket reader) throws IOException {
        return switch (reader.await(Reply.Pushed.class, SOON).push()) {
            case Push.Pub(String _, Publication publication) -> publication;
            case Push other -> throw new IOException("got " + other);
        };
    }

    private static Bytes now(Bytes base, Bytes data, boolean isPatch) {
        return isPatch ? FossilPatch.apply(base, data, 1 << 16) : data;
    }

    private static Bytes string(Bytes json) {
        byte[] array = json.toArray();
        return Bytes.utf8(new JsonReader(JsonNames.NONE, array, 0, array.length).text());
    }

    private static Bytes inJson(Bytes payload) {
        byte[] array = payload.toArray();
        return JsonReader.isValid(array, 0, array.length)
                ? payload
                : Bytes.utf8('"' + Base64.getEncoder().encodeToString(array) + '"');
    }
}
