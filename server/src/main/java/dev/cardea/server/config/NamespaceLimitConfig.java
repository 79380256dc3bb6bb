package dev.cardea.server.config;

import java.util.List;

/** How often one operation may be carried out in channels of a namespace. */
public record NamespaceLimitConfig(
        @Setting(means = "the namespace") String namespaceName,
        @Setting(is = "false", means = "whether the override holds") boolean enabled,
        @Setting(means = "each must have a token left") List<BucketConfig> buckets) {}
