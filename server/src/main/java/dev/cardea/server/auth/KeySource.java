package dev.cardea.server.auth;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/** Where the keys come from that tokens are verified with. Thread safe. */
interface KeySource {
    /**
     * The keys that may have signed a token; none if there is no such key.
     *
     * @param variables what the patterns for issuer and audience found in the token, by group
     * @return may complete on any thread, and exceptionally if it can't be told now
     */
    CompletionStage<List<VerificationKey>> find(
            UnverifiedToken token, Map<String, String> variables, long nowSeconds);
}
