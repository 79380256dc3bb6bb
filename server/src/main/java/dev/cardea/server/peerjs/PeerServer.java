package dev.cardea.server.peerjs;

import dev.cardea.messaging.api.OtherConnections;
import dev.cardea.messaging.auth.Revocations;
import dev.cardea.messaging.cluster.Cluster;
import dev.cardea.messaging.peerjs.RealmOptions;
import dev.cardea.messaging.session.Disconnect;
import dev.cardea.messaging.session.Node;
import dev.cardea.server.config.PeerjsConfig;
import dev.cardea.server.net.ConnectionLimits;
import dev.cardea.server.net.HttpRoutes;
import dev.cardea.server.net.KeptHeaders;
import dev.cardea.server.net.NettyLoop;
import dev.cardea.server.net.Request;
import dev.cardea.server.net.RequestHead;
import dev.cardea.server.net.Responder;
import dev.cardea.server.net.Response;
import dev.cardea.server.net.Upgrade;
import dev.cardea.wire.ByteWriter;
import dev.cardea.wire.Bytes;
import dev.cardea.wire.json.JsonWriter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The signaling server for npm {@code peerjs}. Thread safe once its routes are added. */
public final class PeerServer implements OtherConnections {
    private static final Bytes DESCRIPTION =
            Bytes.utf8(
                    "{\"name\":\"Cardea\",\"description\":\"Signaling for PeerJS clients, as PeerServer"
                            + " does it.\",\"website\":\"https://peerjs.com/\"}");

    /** Past this a peer that takes nothing is cut off. */
    private static final long PENDING_BYTES = 512 * 1024;

    /** One who speaks to peers that aren't there has no more of the room than this part. */
    private static final int SENDERS_PART = 16;

    private final PeerjsConfig config;
    private final RealmLoop realm;

    /**
     * @param loop where all is decided; connections are on any
     * @param nodeId this node's id
     */
    public PeerServer(PeerjsConfig config, NettyLoop loop, String nodeId) {
        this.config = config;
        this.realm = new RealmLoop(loop, nodeId, options(config));
    }

    private static RealmOptions options(PeerjsConfig config) {
        return new RealmOptions(
                config.concurrentLimit(),
                config.peersPerUser(),
                config.peersPerAddress(),
                config.aliveTimeout().toNanos(),
                config.expireTimeout().toNanos(),
                config.queueMessages(),
                config.queueBytes(),
                Math.max(config.messageSizeLimit() + 1024L, config.queueBytes() / SENDERS_PART),
                config.messagesPerSecond(),
                PENDING_BYTES);
    }

    /**
     * @param limits counts its connections with those of all doors
     * @param kept headers for the application's backend, where that is asked
     */
    public void addRoutes(
            HttpRoutes.Builder routes, Node node, KeptHeaders kept, ConnectionLimits limits) {
        PeerAdmission admission = new PeerAdmission(config, node, kept);
        String base = config.path().equals("/") ? "" : config.path();
        routes.upgrade(base + "/peerjs", head -> accept(head, admission, limits));
        routes.crossOrigin("GET", base + "/" + config.key() + "/id", PeerServer::id, 0);
        routes.crossOrigin("GET", base + "/" + config.key() + "/peers", this::peers, 0);
        if (!base.isEmpty()) {
            routes.crossOrigin("GET", base, PeerServer::description, 0);
            routes.crossOrigin("GET", base + "/", PeerServer::description, 0);
        }
    }

    /** From now on ends peers whose tokens are revoked. */
    public void watch(Revocations revocations) {
        revocations.onAdded(_ -> realm.endRevoked());
    }

    @Override
    public CompletionStage<@Nullable Void> disconnect(String user, Disconnect why) {
        return realm.disconnect(user, why);
    }

    @Override
    public CompletionStage<@Nullable Void> refresh(String user, long lifetimeMillis) {
        return realm.refresh(user, TimeUnit.MILLISECONDS.toNanos(lifetimeMillis));
    }

    /** PeerServer says what is wrong in a message, not in the answer to the handshake. */
    private Upgrade accept(RequestHead head, PeerAdmission admission, ConnectionLimits limits) {
        String refusal = limits.refusal();
        if (refusal != null) return new Upgrade.Refused(503, refusal);
        PeerAdmission.Asked asked = admission.asked(head);
        PeerAdmission.Wanted wanted = asked.wanted();
        return new Upgrade.To(
                new PeerSocket(
                        realm,
                        limits,
                        config.messageSizeLimit(),
                        socket -> {
                            if (wanted == null) socket.refuse(asked.why());
                            else admission.decide(socket, wanted);
                        }),
                null);
    }

    private static void description(Request request, Responder responder) {
        responder.respond(Response.json(200, DESCRIPTION));
    }

    private static void id(Request request, Responder responder) {
        responder.respond(
                Response.text(200, UUID.randomUUID().toString()).with("Cache-Control", "no-store"));
    }

    private void peers(Request request, Responder responder) {
        if (!config.allowDiscovery()) {
            responder.respond(Response.text(401, "Unauthorized"));
            return;
        }
        realm.ids(ids ->
                responder.respond(Response.json(200, json(ids)).with("Cache-Control", "no-store")));
    }

    private static Bytes json(List<String> ids) {
        ByteWriter out = new ByteWriter().put('[');
        for (String each : ids) {
            JsonWriter.comma(out);
            JsonWriter.string(out, each);
        }
        return out.put(']').toBytes();
    }

    public void addMetrics(MeterRegistry registry) {
        PeerMetrics.add(registry, realm);
    }

    /** What the realm of another node says. */
    public void heard(String node, Bytes what) {
        realm.heard(node, what);
    }

    /** Once the loops run. */
    public void start(Cluster cluster) {
        realm.start(cluster);
    }

    public int count() {
        return realm.count();
    }

    /** What tells each peer that is open now to go elsewhere; not from one of the loops. */
    public List<Runnable> ends() {
        return realm.ends();
    }

    /** Tells the other nodes that this one has no peers any more. */
    public void leave() {
        realm.leave();
    }
}
