package dev.cardea.interop;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cardea.interop.Person.Arrival;
import dev.cardea.interop.Person.Said;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two and more clients of {@code centrifuge-java}, which speaks the protocol in Protobuf. */
@Timeout(60)
final class JavaSdkTest {
    private static final String SECRET = "interop-secret-of-32-characters-or-more";
    private static final AtomicInteger CHANNELS = new AtomicInteger();

    private static @Nullable RunningServer started;

    @BeforeAll
    static void start() throws Exception {
        started = RunningServer.start();
    }

    @AfterAll
    static void stop() throws Exception {
        if (started != null) started.close();
    }

    @Test
    void twoPeopleTalkAndBothHearEverythingInOneOrder() throws Exception {
        String channel = channel("chat");
        try (var alice = person("alice", channel).in();
                var bob = person("bob", channel).in()) {
            for (int n = 1; n <= 50; n++) {
                alice.say("{\"from\":\"alice\",\"n\":" + n + "}");
                bob.say("{\"from\":\"bob\",\"n\":" + n + "}");
            }
            List<Said> heard = alice.heard.count(100);
            assertThat(heard.stream().map(Said::offset)).containsExactlyElementsOf(numbersTo(100));
            assertThat(bob.heard.count(100)).isEqualTo(heard);
            assertThat(heard.getFirst().text()).isEqualTo("{\"from\":\"alice\",\"n\":1}");
        }
    }

    @Test
    void peopleSeeWhoComesAndGoes() throws Exception {
        String channel = channel("chat");
        try (var alice = person("alice", channel).in()) {
            try (var bob = person("bob", channel).in()) {
                alice.joins.until(users -> users.contains("bob"), "bob joins");
                assertThat(bob.present()).containsExactly("alice", "bob");
            }
            alice.leaves.until(users -> users.contains("bob"), "bob leaves");
            assertThat(alice.present()).containsExactly("alice");
        }
    }

    @Test
    void whatWasMissedDuringACutComesOnceAndInOrder() throws Exception {
        String channel = channel("chat");
        try (var proxy = new CuttableProxy(server().port());
                var alice = new Person(proxy.url(), channel, token("alice")).in();
                var bob = person("bob", channel).in()) {
            int said = 0;
            for (int round = 1; round <= 15; round++) {
                bob.say(number(++said));
                proxy.cut();
                alice.losses.count(round);
                for (int i = 0; i < round; i++) bob.say(number(++said));
                proxy.mend();
                Arrival arrival = alice.arrivals.count(round + 1).getLast();
                assertThat(arrival).isEqualTo(new Arrival(true, true));
            }
            List<String> expected = new ArrayList<>();
            for (int n = 1; n <= said; n++) expected.add(number(n));
            assertThat(alice.heard.count(said).stream().map(Said::text))
                    .containsExactlyElementsOf(expected);
            assertThat(alice.heard.items().stream().map(Said::offset))
                    .containsExactlyElementsOf(numbersTo(said));
        }
    }

    @Test
    void nothingIsLostOrDoubledWhilePublishingGoesOnThroughTheCuts() throws Exception {
        String channel = channel("chat");
        try (var proxy = new CuttableProxy(server().port());
                var alice = new Person(proxy.url(), channel, token("alice")).in()) {
            var publishing = new AtomicInteger(1);
            var last = new AtomicInteger();
            Thread publisher =
                    Thread.ofVirtual()
                            .start(() -> {
                                try {
                                    while (publishing.get() == 1) {
                                        server().publish(channel, number(last.incrementAndGet()));
                                    }
                                } catch (Exception e) {
                                    throw new AssertionError(e);
                                }
                            });
            for (int round = 1; round <= 10; round++) {
                alice.heard.count(round * 3);
                proxy.cut();
                alice.losses.count(round);
                proxy.mend();
                alice.arrivals.count(round + 1);
            }
            publishing.set(0);
            publisher.join();
            assertThat(alice.heard.count(last.get()).stream().map(Said::offset))
                    .containsExactlyElementsOf(numbersTo(last.get()));
        }
    }

    @Test
    void historyIsReadForwardsAndBackwards() throws Exception {
        String channel = channel("chat");
        for (int n = 1; n <= 10; n++) server().publish(channel, number(n));
        try (var alice = person("alice", channel).in()) {
            assertThat(
                            alice.history(3, false).getPublications().stream()
                                    .map(p -> text(p.getData())))
                    .containsExactly(number(1), number(2), number(3));
            assertThat(
                            alice.history(2, true).getPublications().stream()
                                    .map(p -> text(p.getData())))
                    .containsExactly(number(10), number(9));
            assertThat(alice.history(0, false).getOffset()).isEqualTo(10);
        }
    }

    @Test
    void refusalsHaveTheProtocolsCodes() throws Exception {
        try (var alice = person("alice", channel("listen")).in()) {
            assertThat(alice.refusalOfSaying("{}")).isEqualTo(103);
        }
        try (var alice = person("alice", "nowhere:x")) {
            assertThat(alice.refusals.count(1)).containsExactly(102);
        }
        try (var alice = person("alice", channel("closed"))) {
            assertThat(alice.refusals.count(1)).containsExactly(103);
        }
        try (var nobody = new Person(server().url(), channel("chat"), "abc")) {
            assertThat(nobody.ends.count(1)).containsExactly(3500);
        }
    }

    @Test
    void anExpiredTokenWithoutAnotherEndsTheClient() throws Exception {
        String claims = "{\"sub\":\"alice\",\"exp\":" + (Instant.now().getEpochSecond() - 60) + "}";
        try (var alice = new Person(server().url(), channel("chat"), sign(claims))) {
            assertThat(alice.ends.count(1)).hasSize(1);
        }
    }

    private static RunningServer server() {
        if (started == null) throw new AssertionError("the server did not start");
        return started;
    }

    private static Person person(String user, String channel) throws Exception {
        return new Person(server().url(), channel, token(user));
    }

    private static String channel(String namespace) {
        return namespace + ":java-" + CHANNELS.incrementAndGet();
    }

    private static String number(int n) {
        return "{\"n\":" + n + "}";
    }

    private static String text(byte[] data) {
        return new String(data, UTF_8);
    }

    private static List<Long> numbersTo(int last) {
        return IntStream.rangeClosed(1, last).mapToObj(Long::valueOf).toList();
    }

    private static String token(String user) throws GeneralSecurityException {
        return sign("{\"sub\":\"" + user + "\"}");
    }

    /** A JSON Web Token, signed with HMAC-SHA-256 (RFC 7519). */
    private static String sign(String claims) throws GeneralSecurityException {
        Base64.Encoder base64 = Base64.getUrlEncoder().withoutPadding();
        String head =
                base64.encodeToString("{\"alg\":\"HS256\",\"typ\":\"JWT\"}".getBytes(UTF_8))
                        + "."
                        + base64.encodeToString(claims.getBytes(UTF_8));
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(SECRET.getBytes(UTF_8), "HmacSHA256"));
        return head + "." + base64.encodeToString(mac.doFinal(head.getBytes(UTF_8)));
    }
}
