package dev.cardea.messaging.api;

import dev.cardea.messaging.api.ApiResponse.Refused;
import dev.cardea.messaging.auth.Revocation;
import dev.cardea.messaging.session.Node;
import dev.cardea.messaging.session.Refusal;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The API methods {@code revoke_token} and {@code invalidate_user_tokens}. */
final class RevokeCall {
    private RevokeCall() {}

    static CompletionStage<ApiResponse> call(Node node, Revocation asked) {
        long nowSeconds = node.unixMillis().getAsLong() / 1000;
        Revocation revocation = completed(asked, nowSeconds);
        boolean isOver =
                revocation.expireAtSeconds() != 0 && revocation.expireAtSeconds() <= nowSeconds;
        if (isOver || !isWhole(revocation)) {
            return CompletableFuture.completedFuture(new Refused(Refusal.BAD_REQUEST));
        }
        return node.revocations()
                .add(revocation)
                .<ApiResponse>thenApply(added ->
                        added ? new ApiResponse.Done() : new Refused(Refusal.LIMIT_EXCEEDED))
                .exceptionally(_ -> new Refused(Refusal.INTERNAL));
    }

    private static Revocation completed(Revocation asked, long nowSeconds) {
        return switch (asked) {
            case Revocation.OfToken token -> token;
            case Revocation.OfUser(String user, String channel, long before, long expires) ->
                    new Revocation.OfUser(
                            user, channel, before == 0 ? nowSeconds : before, expires);
        };
    }

    private static boolean isWhole(Revocation revocation) {
        return switch (revocation) {
            case Revocation.OfToken(String id, _) -> !id.isEmpty();
            case Revocation.OfUser(String user, _, long before, _) -> !user.isEmpty() && before > 0;
        };
    }
}
