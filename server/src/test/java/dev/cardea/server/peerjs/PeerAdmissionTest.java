package dev.cardea.server.peerjs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cardea.messaging.broker.Control;
import dev.cardea.messaging.limit.RateLimits;
import dev.cardea.messaging.peerjs.Refused;
import dev.cardea.server.config.BadConfig;
import dev.cardea.server.config.ConfigLoader;
import dev.cardea.server.net.ConnectionLimits;
import dev.cardea.server.net.KeptHeaders;
import dev.cardea.server.net.NettyLoops;
import dev.cardea.server.net.RequestHead;
import dev.cardea.testkit.SimulatedNode;
import dev.cardea.testkit.Simulation;
import dev.cardea.wire.Bytes;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What peers of a whole server don't see of it. */
@Timeout(60)
class PeerAdmissionTest {
    /** Over HTTP/1.1 none comes so far: the request line is shorter than the path of a stream. */
    @Test
    void aTokenThatIsTooLongIsNotEvenLookedAt() throws Exception {
        assertThat(asked("t".repeat(8192)).wanted()).isNotNull();
        PeerAdmission.Asked tooLong = asked("t".repeat(8193));
        assertThat(tooLong.wanted()).isNull();
        assertThat(tooLong.why()).isEqualTo(Refused.INVALID_TOKEN);
    }

    @Test
    void whatIsTooLongForAnAddressIsNoneWhoeverSaysIt() throws Exception {
        assertThat(addressSaid("x".repeat(64))).isEqualTo("x".repeat(64));
        assertThat(addressSaid("x".repeat(65))).isEqualTo("0.0.0.0");
        assertThat(addressSaid("203.0.113.7, ")).isEqualTo("0.0.0.0");
    }

    private static String addressSaid(String forwarded) throws BadConfig {
        var headers = new DefaultHttpHeaders().set("X-Forwarded-For", forwarded);
        var asked = admission("proxied: true").asked(head("t", headers));
        return Objects.requireNonNull(asked.wanted()).address();
    }

    @Test
    void otherNodesAreToldWhoseAnIdIsAndNotTheToken() throws Exception {
        PeerAdmission admission = admission("");
        PeerAdmission.Wanted wanted = Objects.requireNonNull(asked("secret").wanted());
        Told told = new Told();
        try (NettyLoops loops = NettyLoops.start(1, 1 << 20)) {
            RealmLoop realm = new RealmLoop(loops.all().getFirst(), "here", RealmLoopTest.OPTIONS);
            realm.start(RealmLoopTest.cluster(told));
            ConnectionLimits limits = new ConnectionLimits(0, RateLimits.NONE);
            var _ =
                    new EmbeddedChannel(
                            new PeerSocket(
                                    realm,
                                    limits,
                                    1024,
                                    socket -> admission.decide(socket, wanted)));
            String claim = "";
            while (!claim.contains("ann")) claim = told.next();
            assertThat(claim).containsPattern("[0-9a-f]{64}").doesNotContain("secret");
        }
    }

    private static PeerAdmission.Asked asked(String token) throws BadConfig {
        return admission("").asked(head(token, EmptyHttpHeaders.INSTANCE));
    }

    private static RequestHead head(String token, HttpHeaders headers) {
        String target = "/peerjs/peerjs?key=peerjs&id=ann&token=" + token;
        return RequestHead.of("GET", target, headers, new InetSocketAddress(1));
    }

    private static PeerAdmission admission(String peerjs) throws BadConfig {
        String yaml = "peerjs: {" + peerjs + "}";
        return new PeerAdmission(
                ConfigLoader.text("test.yaml", yaml).load().config().peerjs(),
                SimulatedNode.in(Simulation.seeded(1)).start().node(),
                KeptHeaders.NONE);
    }

    /** What all nodes are told. */
    private static final class Told implements Control {
        private final BlockingQueue<Bytes> told = new LinkedBlockingQueue<>();

        String next() throws InterruptedException {
            Bytes next = Objects.requireNonNull(told.poll(20, TimeUnit.SECONDS), "nothing");
            return new String(next.toArray(), StandardCharsets.ISO_8859_1);
        }

        @Override
        public void receive(Consumer<Bytes> receiver) {}

        @Override
        public CompletionStage<Boolean> toAll(Bytes message) {
            told.add(message);
            return CompletableFuture.completedStage(true);
        }

        @Override
        public CompletionStage<Boolean> toNode(String node, Bytes message) {
            return CompletableFuture.completedStage(false);
        }
    }
}
