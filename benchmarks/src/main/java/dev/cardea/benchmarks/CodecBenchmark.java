package dev.cardea.benchmarks;

import dev.cardea.wire.ByteWriter;
import dev.cardea.wire.Bytes;
import dev.cardea.wire.centrifuge.ClientInfo;
import dev.cardea.wire.centrifuge.Codec;
import dev.cardea.wire.centrifuge.Command;
import dev.cardea.wire.centrifuge.JsonCodec;
import dev.cardea.wire.centrifuge.ProtobufCodec;
import dev.cardea.wire.centrifuge.Publication;
import dev.cardea.wire.centrifuge.Push;
import dev.cardea.wire.centrifuge.Reply;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What it takes to read a publish command and to write its push once for each encoding; data of 128
 * bytes.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class CodecBenchmark {
    private static final String DATA = "{\"text\":\"" + "x".repeat(128 - 11) + "\"}";
    private static final int MAX_COMMAND_BYTES = 65_536;

    private final Codec json = new JsonCodec();
    private final Codec protobuf = new ProtobufCodec();
    private final ByteWriter out = new ByteWriter(512);
    private final byte[] command =
            ("{\"id\":7,\"publish\":{\"channel\":\"chat:index\",\"data\":" + DATA + "}}")
                    .getBytes(StandardCharsets.UTF_8);

    /** The push of a channel with history, from a client. */
    private final Reply push = new Reply.Pushed(new Push.Pub("chat:index", publication()));

    /** Writes the push as JSON. */
    @Benchmark
    public ByteBuffer writeJson() {
        out.clear();
        json.write(push, out);
        return out.written();
    }

    /** Writes the push as Protobuf. */
    @Benchmark
    public ByteBuffer writeProtobuf() {
        out.clear();
        protobuf.write(push, out);
        return out.written();
    }

    private static Publication publication() {
        ClientInfo info =
                new ClientInfo(
                        "alice", "0f2c3b52-5d1f-4a0e-9f0d-3a1f6f3f4e55", Bytes.EMPTY, Bytes.EMPTY);
        return new Publication(
                Bytes.utf8(DATA), info, 123_456, Map.of(), false, 0, "", "", false, 0, "", 0);
    }

    /** Reads the publish command as JSON. */
    @Benchmark
    public @Nullable Command readJson() {
        return json.next(ByteBuffer.wrap(command), MAX_COMMAND_BYTES);
    }
}
