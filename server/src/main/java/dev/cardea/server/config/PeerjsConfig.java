package dev.cardea.server.config;

import java.time.Duration;

/** {@code peerjs}: the signaling server for npm {@code peerjs}. Names are PeerServer's. */
public record PeerjsConfig(
        @Setting(is = "false", means = "serves PeerServer's protocol for PeerJS clients")
                boolean enabled,
        @Setting(is = "/peerjs", means = "where it is served: the path that clients are given")
                String path,
        @Setting(is = "peerjs", means = "the key that clients have to name, part of the path")
                String key,
        @Setting(is = "false", means = "tells whoever asks the ids of all peers: listAllPeers()")
                boolean allowDiscovery,
        @Setting(
                        is = "60s",
                        means =
                                "a peer of which nothing was heard for so long is gone; it is pinged three"
                                        + " times meanwhile",
                        atLeast = "3s")
                Duration aliveTimeout,
        @Setting(
                        is = "5s",
                        means =
                                "how long what is said to an absent peer waits for it; then its sender is"
                                        + " told",
                        atMost = "5m")
                Duration expireTimeout,
        @Setting(is = "5000", means = "peers of this server", atLeast = "1", atMost = "1000000")
                int concurrentLimit,
        @Setting(
                        is = "0",
                        means =
                                "peers of one user of this server, where users are known; 0 is no limit")
                int peersPerUser,
        @Setting(is = "0", means = "peers of this server from one IP address; 0 is no limit")
                int peersPerAddress,
        @Setting(
                        is = "false",
                        means =
                                "counts clients by the last address of X-Forwarded-For; then nobody but the"
                                        + " reverse proxy must reach the server")
                boolean proxied,
        @Setting(
                        is = "false",
                        means =
                                "takes a peer's token for a connection token, which is judged as that of any"
                                        + " other client, by its signature or by the connect proxy")
                boolean authenticate,
        @Setting(
                        is = "false",
                        means =
                                "a peer's id has to be its user's name, or to begin with it and a dash; only"
                                        + " with authenticate")
                boolean ownIds,
        @Setting(
                        is = "131072",
                        means = "the longest message in bytes",
                        atLeast = "1024",
                        atMost = "1048576")
                int messageSizeLimit,
        @Setting(
                        is = "100",
                        means =
                                "messages of one peer in a second, five times as many at once, of which each"
                                        + " counts once more for every 4 KiB; who is faster is read later; 0 is no"
                                        + " limit",
                        atMost = "1000000")
                int messagesPerSecond,
        @Setting(is = "100", means = "messages that wait for one absent peer", atLeast = "1")
                int queueMessages,
        @Setting(
                        is = "16777216",
                        means = "bytes that wait for absent peers, for all of them together",
                        atLeast = "131072")
                long queueBytes)
        implements Checked {
    @Override
    public void check(Problems.Group problems) {
        problems.checkPath("path", path);
        if (!key.matches("[A-Za-z0-9_-]{1,64}"))
            problems.add(
                    "key",
                    "is \""
                            + key
                            + "\"; expected up to 64 letters, digits, dashes and underscores");
        if (ownIds && !authenticate)
            problems.add("own_ids", "is true, but authenticate isn't: no user would be known");
    }
}
