package dev.cardea.messaging.presence;

import dev.cardea.wire.centrifuge.ClientInfo;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The members of each channel. A member that isn't added again within the time to live is gone.
 * Thread safe; no lock is shared by channels.
 */
public final class PresenceTable {
    private record Member(ClientInfo info, long expiresNanos) {}

    private final Map<String, Map<String, Member>> channels = new ConcurrentHashMap<>();
    private final long ttlNanos;

    public PresenceTable(long ttlNanos) {
        this.ttlNanos = ttlNanos;
    }

    public void add(String channel, ClientInfo info, long nowNanos) {
        channels.compute(
                channel,
                (_, members) -> {
                    Map<String, Member> present =
                            members == null ? new ConcurrentHashMap<>(2) : members;
                    present.put(info.client(), new Member(info, nowNanos + ttlNanos));
                    return present;
                });
    }

    public void remove(String channel, String client) {
        channels.computeIfPresent(
                channel,
                (_, members) -> {
                    members.remove(client);
                    return members.isEmpty() ? null : members;
                });
    }

    /** Members by client id. */
    public Map<String, ClientInfo> members(String channel, long nowNanos) {
        Map<String, ClientInfo> infos = new HashMap<>();
        channels.computeIfPresent(
                channel,
                (_, members) -> {
                    members.values().removeIf(member -> member.expiresNanos() - nowNanos <= 0);
                    members.forEach((client, member) -> infos.put(client, member.info()));
                    return members.isEmpty() ? null : members;
                });
        return infos;
    }
}
