package dev.cardea.server;

import dev.cardea.messaging.limit.Bucket;
import dev.cardea.messaging.limit.LimitPlan;
import dev.cardea.messaging.limit.Operation;
import dev.cardea.messaging.limit.RateLimits;
import dev.cardea.server.config.BucketConfig;
import dev.cardea.server.config.ClientConfig;
import dev.cardea.server.config.CommandLimitsConfig;
import dev.cardea.server.config.LimitConfig;
import dev.cardea.server.config.MethodLimitConfig;
import dev.cardea.server.config.NamespaceLimitConfig;
import dev.cardea.server.config.RateLimitConfig;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The configured rate limits in the words of the messaging core. */
final class LimitOptions {
    private static final long SECOND_NANOS = 1_000_000_000;

    private LimitOptions() {}

    static RateLimits of(ClientConfig client) {
        RateLimitConfig config = client.rateLimit();
        LimitPlan connection = plan(config.clientCommand());
        LimitPlan user = plan(config.userCommand());
        LimitPlan channel = plan(config.channelCommand());
        List<Bucket> errors =
                config.clientError().enabled()
                        ? buckets(config.clientError().total().effective())
                        : List.of();
        int connects = client.connectionRateLimit();
        boolean none = connection == null && user == null && channel == null && errors.isEmpty();
        if (none && connects == 0) return RateLimits.NONE;
        return new RateLimits(
                connection,
                user,
                channel,
                errors,
                connects == 0 ? null : new Bucket(SECOND_NANOS, connects));
    }

    private static @Nullable LimitPlan plan(CommandLimitsConfig config) {
        if (!config.enabled()) return null;
        LimitPlan.Builder plan =
                LimitPlan.builder()
                        .total(buckets(config.total().effective()))
                        .byDefault(buckets(config.default_().effective()));
        for (Operation operation : Operation.values()) {
            LimitConfig limit = limit(config, operation);
            plan.operation(operation, buckets(limit.effective()));
            for (NamespaceLimitConfig override : limit.namespaceOverrides())
                if (override.enabled())
                    plan.override(operation, override.namespaceName(), buckets(override.buckets()));
            for (MethodLimitConfig override : limit.methodOverrides())
                if (override.enabled())
                    plan.override(operation, override.method(), buckets(override.buckets()));
        }
        return plan.build();
    }

    private static LimitConfig limit(CommandLimitsConfig config, Operation operation) {
        return switch (operation) {
            case CONNECT -> config.connect();
            case SUBSCRIBE -> config.subscribe();
            case UNSUBSCRIBE -> config.unsubscribe();
            case PUBLISH -> config.publish();
            case HISTORY -> config.history();
            case PRESENCE -> config.presence();
            case PRESENCE_STATS -> config.presenceStats();
            case REFRESH -> config.refresh();
            case SUB_REFRESH -> config.subRefresh();
            case RPC -> config.rpc();
            case SEND -> config.send();
        };
    }

    private static List<Bucket> buckets(List<BucketConfig> configs) {
        return configs.stream()
                .map(config -> new Bucket(config.interval().toNanos(), config.rate()))
                .toList();
    }
}
