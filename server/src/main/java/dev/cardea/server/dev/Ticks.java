package dev.cardea.server.dev;

import dev.cardea.messaging.api.ApiRequest.Message;
import dev.cardea.wire.ByteWriter;
import dev.cardea.wire.json.JsonWriter;
import java.util.Base64;
import java.util.SplittableRandom;
import java.util.function.LongSupplier;

/**
 * Messages of about 8 KB each, so that a reader who stops is soon behind: <code>
 * {"seq":1,"time":…,"price":100.02,"pad":"…"}</code>. Used by one thread.
 */
final class Ticks {
    private static final int PAD_BYTES = 6000; // 8000 letters

    private final LongSupplier unixMillis;
    private final RandomWalk price;

    /** Random, so that nothing on the way makes it small. */
    private final String pad;

    private long seq;

    Ticks(SplittableRandom random, LongSupplier unixMillis) {
        this.unixMillis = unixMillis;
        this.price = new RandomWalk(random, 100_00);
        byte[] bytes = new byte[PAD_BYTES];
        random.nextBytes(bytes);
        this.pad = Base64.getEncoder().encodeToString(bytes);
    }

    Message next() {
        ByteWriter out = new ByteWriter(pad.length() + 100);
        out.put('{');
        DemoMessages.number("seq", ++seq, out);
        DemoMessages.number("time", unixMillis.getAsLong(), out);
        DemoMessages.decimal("price", price.nextCents(), 2, out);
        JsonWriter.name(out, "pad");
        out.put('"').putAscii(pad).put('"').put('}');
        return Message.of(out.toBytes());
    }
}
