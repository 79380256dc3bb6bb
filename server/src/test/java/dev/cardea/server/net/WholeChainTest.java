package dev.cardea.server.net;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.cardea.messaging.log.ChannelLog;
import dev.cardea.messaging.log.Encoding;
import dev.cardea.messaging.log.Encoding.Deltas;
import dev.cardea.messaging.log.Entry;
import dev.cardea.messaging.log.LogOptions;
import dev.cardea.messaging.log.MemoryBudget;
import dev.cardea.server.net.StandardClient.Received;
import dev.cardea.wire.Bytes;
import dev.cardea.wire.centrifuge.Publication;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.zip.DataFormatException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * What is published is what a client has in the end: from the log through patch, JSON or Protobuf
 * and compression into a frame, and back by a client that shares no code with that. An everyday
 * number of publications; a million with
 *
 * <pre>{@code mvn -pl server -am test -Dtest=WholeChainTest -Dpairs=1000000}</pre>
 */
class WholeChainTest {
    private static final int PAIRS = Integer.getInteger("pairs", 20_000);
    private static final int IN_ONE_LOG = 64;
    private static final JsonMapper JSON =
            JsonMapper.builder()
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                    .build();

    private final Compression compression = new Compression(1, 0);
    private final Deltas jsonDeltas =
            Objects.requireNonNull(compression.of(WebSocketEncoding.JSON).deltas());
    private final Deltas protobufDeltas =
            Objects.requireNonNull(compression.of(WebSocketEncoding.PROTOBUF).deltas());

    private int published;
    private int jsonPatches;
    private int protobufPatches;
    private int compressed;
    private long payloadBytes;
    private long frameBytes;

    @Test
    void whatIsPublishedComesOutOfPatchesCodecsAndCompression() throws Exception {
        long seed = Long.getLong("seed", new SplittableRandom().nextLong());
        SplittableRandom random = new SplittableRandom(seed);
        long began = System.nanoTime();
        try (StandardClient client = new StandardClient()) {
            while (published < PAIRS) {
                try {
                    oneLog(client, random.split());
                } catch (RuntimeException | IOException | DataFormatException | AssertionError e) {
                    throw new AssertionError("seed " + seed + ", pair " + published, e);
                }
            }
        }
        assertThat(jsonPatches).isGreaterThan(PAIRS / 2);
        assertThat(protobufPatches).isGreaterThan(PAIRS / 2);
        assertThat(compressed).isGreaterThan(PAIRS / 2);
        if (PAIRS < 1_000_000) return;
        System.out.printf(
                "pairs=%d json_patches=%d protobuf_patches=%d compressed=%d payload_bytes=%d"
                        + " frame_bytes=%d seconds=%.1f%n",
                published,
                jsonPatches,
                protobufPatches,
                compressed,
                payloadBytes,
                frameBytes,
                (System.nanoTime() - began) / 1e9);
    }

    private void oneLog(StandardClient client, SplittableRandom random)
            throws IOException, DataFormatException {
        LogOptions options = new LogOptions(0, 0, 0, IN_ONE_LOG, 1 << 24, true);
        ChannelLog log = new ChannelLog("doc", options, new MemoryBudget(1 << 26), "epoch", 0);
        log.addReader();
        RandomDocuments documents = new RandomDocuments(random);
        byte @Nullable [] json = null;
        byte @Nullable [] protobuf = null;
        for (int i = 0; i < IN_ONE_LOG; i++) {
            byte[] payload = documents.next();
            log.append(Publication.of(Bytes.wrap(payload)), false, true, 0, "", 0);
            Entry entry = Objects.requireNonNull(log.read(log.head()));

            Received text = client.json(frame(entry, jsonDeltas));
            if (text.isPatch()) jsonPatches++;
            json = now(json, text);
            if (!Arrays.equals(json, asJsonClientsHaveIt(payload)))
                throw new AssertionError("JSON has " + new String(json, StandardCharsets.UTF_8));
            Received bytes = client.protobuf(frame(entry, protobufDeltas));
            if (bytes.isPatch()) protobufPatches++;
            protobuf = now(protobuf, bytes);
            if (!Arrays.equals(protobuf, payload)) throw new AssertionError("other bytes");
            if (random.nextInt(4) == 0) withoutDeltas(client, entry, payload);

            published++;
            payloadBytes += payload.length;
        }
    }

    private byte[] frame(Entry entry, Deltas deltas) {
        byte[] frame = entry.frame(deltas.patch()).bytes();
        frameBytes += frame.length;
        return frame;
    }

    private byte[] now(byte @Nullable [] base, Received received) throws IOException {
        if (received.wasCompressed()) compressed++;
        if (!received.isPatch()) return received.data().toArray();
        if (base == null) throw new IOException("a patch of nothing");
        return StandardClient.patched(base, received.data().toArray());
    }

    private void withoutDeltas(StandardClient client, Entry entry, byte[] payload)
            throws IOException, DataFormatException {
        for (Encoding encoding :
                new Encoding[] {WebSocketEncoding.JSON, compression.of(WebSocketEncoding.JSON)}) {
            JsonNode data = client.plainJson(entry.frame(encoding).bytes());
            if (data == null && payload.length == 0) continue; // absent, as all that is empty
            if (data == null || !data.equals(JSON.readTree(asJsonClientsHaveIt(payload))))
                throw new AssertionError("without deltas JSON has " + data);
        }
        for (Encoding encoding :
                new Encoding[] {
                    WebSocketEncoding.PROTOBUF, compression.of(WebSocketEncoding.PROTOBUF)
                }) {
            byte[] data = client.protobuf(entry.frame(encoding).bytes()).data().toArray();
            if (!Arrays.equals(data, payload)) throw new AssertionError("other bytes, whole");
        }
    }

    /** JSON as it was published; what is no JSON as a string of its base64. */
    private static byte[] asJsonClientsHaveIt(byte[] payload) {
        try {
            // Jackson reads other encodings than UTF-8, too
            String text =
                    StandardCharsets.UTF_8
                            .newDecoder()
                            .decode(java.nio.ByteBuffer.wrap(payload))
                            .toString();
            if (!JSON.readTree(text).isMissingNode()) return payload;
        } catch (IOException e) {
            // no JSON
        }
        String base64 = Base64.getEncoder().encodeToString(payload);
        return ('"' + base64 + '"').getBytes(StandardCharsets.UTF_8);
    }
}
