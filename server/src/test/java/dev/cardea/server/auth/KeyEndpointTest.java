package dev.cardea.server.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.jwk.Curve;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How long a key set is kept, and when it is asked for again. Time is a number. */
final class KeyEndpointTest {
    private static final URI ADDRESS = URI.create("https://issuer.example/keys");

    @TempDir static Path folder;
    private static byte[] oldSet = {};
    private static byte[] newSet = {};

    private final Queue<CompletableFuture<byte[]>> asked = new ArrayDeque<>();
    private int fetches;
    private final KeyEndpoint endpoint = new KeyEndpoint(ADDRESS, this::fetch);

    @BeforeAll
    static void makeKeys() {
        String first = KeySets.ec("first", Curve.P_256, OpenSsl.ec(folder, "P-256"));
        String second = KeySets.ec("second", Curve.P_256, OpenSsl.ec(folder, "P-256"));
        oldSet = KeySets.of(first);
        newSet = KeySets.of(second);
    }

    private CompletionStage<byte[]> fetch(URI address) {
        assertThat(address).isEqualTo(ADDRESS);
        fetches++;
        CompletableFuture<byte[]> answer = new CompletableFuture<>();
        asked.add(answer);
        return answer;
    }

    private void answer(byte[] set) {
        asked.remove().complete(set);
    }

    private void fail() {
        asked.remove().completeExceptionally(new IOException("gone"));
    }

    private CompletableFuture<List<VerificationKey>> find(String kid, long now) {
        return endpoint.find(kid, now).toCompletableFuture();
    }

    @Test
    void aSetIsFetchedOnceForAnHour() {
        CompletableFuture<List<VerificationKey>> waiting = find("first", 0);
        assertThat(waiting).isNotDone();
        answer(oldSet);
        assertThat(waiting.join()).hasSize(1);
        assertThat(find("first", 3599).join()).hasSize(1);
        assertThat(fetches).isEqualTo(1);
        CompletableFuture<List<VerificationKey>> stale = find("first", 3600);
        assertThat(stale).isNotDone();
        answer(oldSet);
        assertThat(stale.join()).hasSize(1);
        assertThat(fetches).isEqualTo(2);
    }

    @Test
    void allWhoWaitShareOneFetch() {
        List<CompletableFuture<List<VerificationKey>>> waiting =
                List.of(find("first", 0), find("first", 0), find("second", 1));
        assertThat(fetches).isEqualTo(1);
        answer(oldSet);
        assertThat(waiting.get(0).join()).hasSize(1);
        assertThat(waiting.get(1).join()).hasSize(1);
        assertThat(waiting.get(2).join()).isEmpty();
    }

    @Test
    void aNewKeyIsFoundBecauseNobodyKnowsIt() {
        CompletableFuture<List<VerificationKey>> first = find("first", 0);
        answer(oldSet);
        assertThat(first.join()).hasSize(1);
        CompletableFuture<List<VerificationKey>> second = find("second", 10);
        answer(newSet);
        assertThat(second.join()).hasSize(1);
        CompletableFuture<List<VerificationKey>> withdrawn = find("first", 20);
        answer(newSet);
        assertThat(withdrawn.join()).isEmpty();
    }

    @Test
    void unknownKeysMakeFewFetches() {
        CompletableFuture<List<VerificationKey>> first = find("first", 0);
        answer(oldSet);
        assertThat(first.join()).hasSize(1);
        for (int i = 0; i < 10_000; i++) unavailable(find("guess" + i, i % 10));
        assertThat(fetches).isEqualTo(1);
        assertThat(find("first", 5).join()).hasSize(1); // others don't notice
        CompletableFuture<List<VerificationKey>> guess = find("guess", 10);
        answer(oldSet);
        assertThat(guess.join()).isEmpty();
        assertThat(fetches).isEqualTo(2);
    }

    @Test
    void theLastGoodSetGoesOnWhileTheEndpointIsGone() {
        CompletableFuture<List<VerificationKey>> first = find("first", 0);
        answer(oldSet);
        assertThat(first.join()).hasSize(1);
        CompletableFuture<List<VerificationKey>> stale = find("first", 4000);
        fail();
        assertThat(stale.join()).hasSize(1);
        // From then on nobody waits for it: the fetch goes on behind.
        for (int second = 1; second <= 100; second++) {
            assertThat(find("first", 4000 + second)).isDone();
            fail();
        }
        assertThat(fetches).isEqualTo(102);
        assertThat(find("first", 5000)).isDone();
        answer(newSet);
        CompletableFuture<List<VerificationKey>> withdrawn = find("first", 5010);
        answer(newSet);
        assertThat(withdrawn.join()).isEmpty();
    }

    @Test
    void withoutASetTheClientMayComeBack() {
        CompletableFuture<List<VerificationKey>> first = find("first", 0);
        fail();
        unavailable(first);
        unavailable(find("first", 0));
        assertThat(fetches).isEqualTo(1);
        CompletableFuture<List<VerificationKey>> again = find("first", 1);
        answer(oldSet);
        assertThat(again.join()).hasSize(1);
    }

    @Test
    void nonsenseIsAsIfItWereGone() {
        for (String nonsense :
                new String[] {
                    "", "[]", "{}", "{\"keys\":5}", "<html>", "{\"keys\":[", "[".repeat(100_000)
                }) {
            KeyEndpoint fresh =
                    new KeyEndpoint(
                            ADDRESS,
                            _ ->
                                    CompletableFuture.completedFuture(
                                            nonsense.getBytes(StandardCharsets.US_ASCII)));
            unavailable(fresh.find("first", 0).toCompletableFuture());
        }
    }

    @Test
    void aClockThatIsSetBackAsksAgain() {
        CompletableFuture<List<VerificationKey>> first = find("first", 1_000_000);
        answer(oldSet);
        assertThat(first.join()).hasSize(1);
        CompletableFuture<List<VerificationKey>> back = find("first", 0);
        answer(oldSet);
        assertThat(back.join()).hasSize(1);
        assertThat(fetches).isEqualTo(2);
    }

    private static void unavailable(CompletableFuture<?> future) {
        assertThat(future).isCompletedExceptionally();
        assertThatThrownBy(future::join).hasCauseInstanceOf(KeyEndpoint.Unavailable.class);
    }
}
