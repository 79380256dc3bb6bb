package dev.cardea.server.proxy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow.Subscription;
import org.jspecify.annotations.Nullable;

/**
 * The body of an answer, if it isn't too long; the connection is closed at once otherwise. Bytes
 * are copied together as they come: an answer in a million chunks costs what it has of bytes.
 */
final class BoundedBody implements BodySubscriber<byte[]> {
    /** The answer is longer than it may be. */
    static final class TooLong extends IOException {
        private static final long serialVersionUID = 1L;

        TooLong(int maxBytes) {
            super("more than " + maxBytes + " bytes");
        }
    }

    private final int maxBytes;
    private final long announcedBytes;
    private final ByteArrayOutputStream body = new ByteArrayOutputStream(1024);
    private final CompletableFuture<byte[]> whole = new CompletableFuture<>();
    private @Nullable Subscription subscription;

    /**
     * @param announcedBytes by Content-Length; 0: nothing is announced
     */
    private BoundedBody(int maxBytes, long announcedBytes) {
        this.maxBytes = maxBytes;
        this.announcedBytes = announcedBytes;
    }

    static BodyHandler<byte[]> of(int maxBytes) {
        return info ->
                new BoundedBody(
                        maxBytes, info.headers().firstValueAsLong("Content-Length").orElse(0));
    }

    @Override
    public CompletionStage<byte[]> getBody() {
        return whole;
    }

    @Override
    public void onSubscribe(Subscription begun) {
        subscription = begun;
        if (announcedBytes > maxBytes) giveUp(begun);
        else begun.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
        Subscription running = subscription;
        if (running == null || whole.isDone()) return;
        for (ByteBuffer buffer : buffers) {
            if (buffer.remaining() > maxBytes - body.size()) {
                giveUp(running);
                return;
            }
            byte[] bytes = new byte[buffer.remaining()];
            buffer.get(bytes);
            body.writeBytes(bytes);
        }
    }

    private void giveUp(Subscription running) {
        running.cancel();
        whole.completeExceptionally(new TooLong(maxBytes));
    }

    @Override
    public void onError(Throwable why) {
        whole.completeExceptionally(why);
    }

    @Override
    public void onComplete() {
        whole.complete(body.toByteArray());
    }
}
