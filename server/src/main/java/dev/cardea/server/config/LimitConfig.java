package dev.cardea.server.config;

import java.util.List;

/** How often one operation may be carried out. */
@Brief
public record LimitConfig(
        @Setting(is = "false", means = "whether it is limited") boolean enabled,
        @Setting(means = "each must have a token left") List<BucketConfig> buckets,
        @Setting(means = "limits of channels of some namespaces, instead of these")
                List<NamespaceLimitConfig> namespaceOverrides,
        @Setting(means = "limits of some rpc methods, instead of these")
                List<MethodLimitConfig> methodOverrides) {

    /** Those that hold; none if it isn't enabled. */
    public List<BucketConfig> effective() {
        return enabled ? buckets : List.of();
    }
}
