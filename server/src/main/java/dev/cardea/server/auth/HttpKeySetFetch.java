package dev.cardea.server.auth;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * GET over HTTP, on a virtual thread. Follows no redirect: the operator named the address, and
 * nobody else may say where keys come from.
 */
final class HttpKeySetFetch implements KeySetFetch {
    static final int MAX_BYTES = 256 * 1024;
    static final Duration TIMEOUT = Duration.ofSeconds(2);

    private final Duration timeout;
    private final HttpClient client;

    /**
     * @param timeout from the lookup of the name to the last byte
     */
    HttpKeySetFetch(Duration timeout) {
        this.timeout = timeout;
        this.client =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .followRedirects(HttpClient.Redirect.NEVER)
                        .connectTimeout(timeout)
                        .executor(Executors.newVirtualThreadPerTaskExecutor())
                        .build();
    }

    @Override
    public CompletionStage<byte[]> get(URI address) {
        CompletableFuture<byte[]> outcome = new CompletableFuture<>();
        Thread.ofVirtual()
                .name("key-set")
                .start(() -> {
                    try {
                        outcome.complete(body(address));
                    } catch (IOException | RuntimeException e) {
                        outcome.completeExceptionally(e);
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                        outcome.completeExceptionally(e);
                    }
                });
        return outcome;
    }

    private byte[] body(URI address) throws IOException, InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(address)
                        .header("Accept", "application/jwk-set+json, application/json")
                        .timeout(timeout)
                        .build();
        CompletableFuture<HttpResponse<byte[]>> answer =
                client.sendAsync(
                        request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), MAX_BYTES));
        try {
            // The request's own timeout ends with the header; a body may come byte by byte.
            HttpResponse<byte[]> response = answer.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
            if (response.statusCode() != 200) {
                throw new IOException("answered " + response.statusCode());
            }
            return response.body();
        } catch (TimeoutException e) {
            answer.cancel(true);
            throw new IOException("no answer in " + timeout.toMillis() + " ms");
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
        }
    }
}
