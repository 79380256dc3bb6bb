package dev.cardea.messaging.api;

import dev.cardea.messaging.session.ConnectionStatus;
import dev.cardea.messaging.session.Refusal;
import dev.cardea.wire.centrifuge.ClientInfo;
import dev.cardea.wire.centrifuge.Publication;
import dev.cardea.wire.centrifuge.StreamPosition;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What became of an {@link ApiRequest}. */
public sealed interface ApiResponse {
    /** Nothing was done. */
    record Refused(Refusal why) implements ApiResponse {}

    /** It is done, and there is nothing to tell. */
    record Done() implements ApiResponse {}

    /**
     * @param position where the channel stands, (0, "") for one without history
     */
    record Published(StreamPosition position) implements ApiResponse {}

    /**
     * @param each {@link Published} or {@link Refused}, in the order of the channels
     */
    record Broadcast(List<ApiResponse> each) implements ApiResponse {}

    /**
     * @param top where the channel stands
     */
    record History(List<Publication> publications, StreamPosition top) implements ApiResponse {}

    /**
     * @param members by client id
     */
    record Presence(Map<String, ClientInfo> members) implements ApiResponse {}

    /** How many are present. */
    record PresenceStats(int numClients, int numUsers) implements ApiResponse {}

    /**
     * @param subscribers by channel; those without are left out
     */
    record Channels(Map<String, Integer> subscribers) implements ApiResponse {}

    /**
     * @param connections by client id, or the longest-stalled first
     * @param next what the next page comes after; empty: there is none
     */
    record Connections(List<ConnectionStatus> connections, String next) implements ApiResponse {}

    /** The nodes that run, this one first. */
    record Info(List<NodeInfo> nodes) implements ApiResponse {}

    /**
     * One server process.
     *
     * @param process null where it can't be told
     */
    record NodeInfo(
            String uid,
            String name,
            String version,
            int numClients,
            int numUsers,
            int numChannels,
            int numSubscriptions,
            long uptimeSeconds,
            @Nullable ProcessUse process) {}

    /**
     * What the process takes.
     *
     * @param cpuPercent of one core: more than 100 with several at work
     * @param residentBytes of memory; 0 where it can't be told
     */
    record ProcessUse(double cpuPercent, long residentBytes) {}
}
