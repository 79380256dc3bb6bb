package dev.cardea.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cardea.messaging.limit.Operation;
import dev.cardea.messaging.limit.RateLimits;
import dev.cardea.server.config.BadConfig;
import dev.cardea.server.config.ConfigLoader;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** That each rate limit of the configuration holds for the commands and in the scope it names. */
class LimitOptionsTest {
    private static final String ONE = "{enabled: true, buckets: [{interval: 1h, rate: 1}]}";

    private static RateLimits limits(String rateLimit) {
        try {
            String yaml = "client: {rate_limit: {" + rateLimit + "}}";
            return LimitOptions.of(ConfigLoader.text("t.yaml", yaml).load().config().client());
        } catch (BadConfig e) {
            throw new AssertionError(e);
        }
    }

    /** Those of which a second one is refused. */
    private static Set<Operation> limited(Predicate<Operation> admits) {
        Set<Operation> limited = EnumSet.noneOf(Operation.class);
        for (Operation operation : Operation.values()) {
            assertThat(admits.test(operation)).as("first %s", operation).isTrue();
            if (!admits.test(operation)) limited.add(operation);
        }
        return limited;
    }

    private static Predicate<Operation> connection(RateLimits limits) {
        RateLimits.OfConnection own = limits.ofConnection(0);
        return own == null ? _ -> true : operation -> own.admits(operation, "", 0);
    }

    private static Predicate<Operation> user(RateLimits limits) {
        return operation -> limits.admitsUser("alice", operation, "", 0);
    }

    private static Predicate<Operation> channel(RateLimits limits) {
        return operation -> limits.admitsInChannel("news", operation, "", 0);
    }

    @Test
    void eachCommandHasItsOwnLimitInEachScope() {
        for (Operation operation : Operation.values()) {
            String command = operation.name().toLowerCase(Locale.ROOT);
            String enabled = "{enabled: true, " + command + ": " + ONE + "}";
            Set<Operation> only = EnumSet.of(operation);
            Set<Operation> none = EnumSet.noneOf(Operation.class);

            RateLimits one = limits("client_command: " + enabled);
            assertThat(limited(connection(one))).isEqualTo(only);
            assertThat(limited(user(one))).isEqualTo(none);
            assertThat(limited(channel(one))).isEqualTo(none);
            RateLimits two = limits("user_command: " + enabled);
            assertThat(limited(user(two))).isEqualTo(only);
            assertThat(limited(channel(two))).isEqualTo(none);
            RateLimits three = limits("channel_command: " + enabled);
            assertThat(limited(channel(three))).isEqualTo(only);
            assertThat(limited(user(three))).isEqualTo(none);
            assertThat(limited(connection(three))).isEqualTo(none);
        }
    }

    @Test
    void theDefaultIsForEachCommandWithoutALimitOfItsOwn() {
        RateLimits limits =
                limits(
                        "client_command: {enabled: true, default: "
                                + ONE
                                + ", publish: {enabled: true, buckets: [{interval: 1h, rate: 9}]}}");
        assertThat(limited(connection(limits)))
                .isEqualTo(EnumSet.complementOf(EnumSet.of(Operation.PUBLISH)));
    }

    @Test
    void theTotalCountsAllCommandsTogether() {
        RateLimits limits =
                limits(
                        "user_command: {enabled: true, total: {enabled: true,"
                                + " buckets: [{interval: 1h, rate: 2}]}}");
        assertThat(user(limits).test(Operation.PUBLISH)).isTrue();
        assertThat(user(limits).test(Operation.RPC)).isTrue();
        assertThat(user(limits).test(Operation.HISTORY)).isFalse();
    }

    @Test
    void whatIsNotEnabledDoesNotHold() {
        String off = ONE.replace("true", "false");
        for (String limit :
                new String[] {
                    "client_command: {enabled: false, publish: " + ONE + "}",
                    "client_command: {enabled: true, publish: " + off + "}",
                    "client_command: {enabled: true, total: " + off + ", default: " + off + "}"
                }) {
            assertThat(limited(connection(limits(limit)))).as(limit).isEmpty();
        }
    }

    @Test
    void namespacesAndMethodsHaveTheirOwnWhereTheyAreEnabled() {
        String override = "enabled: %s, buckets: [{interval: 1h, rate: 1}]";
        for (boolean isEnabled : new boolean[] {true, false}) {
            RateLimits limits =
                    limits(
                            "client_command: {enabled: true, publish: {namespace_overrides:"
                                    + " [{namespace_name: chat, "
                                    + override.formatted(isEnabled)
                                    + "}]}, rpc: {method_overrides: [{method: search, "
                                    + override.formatted(isEnabled)
                                    + "}]}}");
            RateLimits.OfConnection own = Objects.requireNonNull(limits.ofConnection(0));
            for (int i = 0; i < 2; i++) {
                boolean admitted = i == 0 || !isEnabled;
                assertThat(own.admits(Operation.PUBLISH, "chat", 0)).isEqualTo(admitted);
                assertThat(own.admits(Operation.RPC, "search", 0)).isEqualTo(admitted);
                assertThat(own.admits(Operation.PUBLISH, "news", 0)).isTrue();
                assertThat(own.admits(Operation.RPC, "list", 0)).isTrue();
            }
        }
    }

    @Test
    void errorsAreCountedWhereThatIsEnabled() {
        for (boolean isEnabled : new boolean[] {true, false}) {
            RateLimits limits =
                    limits("client_error: {enabled: " + isEnabled + ", total: " + ONE + "}");
            RateLimits.OfConnection own = limits.ofConnection(0);
            assertThat(own != null).isEqualTo(isEnabled);
            if (own == null) continue;
            assertThat(own.admitsError(0)).isTrue();
            assertThat(own.admitsError(0)).isFalse();
            assertThat(own.admits(Operation.PUBLISH, "", 0)).isTrue();
        }
    }
}
