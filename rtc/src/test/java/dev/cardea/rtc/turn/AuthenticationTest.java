package dev.cardea.rtc.turn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cardea.wire.stun.LongTermKey;
import dev.cardea.wire.stun.StunAttribute;
import dev.cardea.wire.stun.StunReader;
import dev.cardea.wire.stun.StunType;
import dev.cardea.wire.stun.StunWriter;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class AuthenticationTest {
    private final SimulatedServer server = new SimulatedServer();
    private final ScriptedClient alice = new ScriptedClient(server, "192.0.2.5:4000");

    @Test
    void aWrongPasswordAnUnknownUserAndAForeignRealmAre401WithTheReasonInTheReport() {
        alice.password = "guess";
        assertThat(alice.allocate().errorCode()).isEqualTo(401);
        alice.as("carol", "pw");
        assertThat(alice.allocate().errorCode()).isEqualTo(401);
        assertThat(server.reports)
                .contains(
                        "alice 401: the password or the secret is another",
                        "carol 401: there is no such user");
    }

    @Test
    void aNonceIsGoodForAnHourAndOnlyForTheAddressItWasMadeFor() {
        alice.allocated();
        server.pass(Duration.ofMinutes(9));
        byte[] nonce = alice.nonce.clone();
        for (int i = 0; i < 6; i++) {
            alice.refresh(3600);
            server.pass(Duration.ofMinutes(9));
        }
        StunReader stale = alice.refresh(600);
        assertThat(stale.errorCode()).isEqualTo(438);
        byte[] fresh = stale.bytes(StunAttribute.NONCE);
        assertThat(fresh).isNotEqualTo(nonce);
        alice.nonce = fresh;
        assertThat(alice.refresh(600).kind()).isEqualTo(StunType.SUCCESS);

        ScriptedClient thief = new ScriptedClient(server, "192.0.2.6:4000");
        thief.nonce = fresh;
        assertThat(thief.allocate().errorCode()).isEqualTo(438);
        for (int i = 0; i < fresh.length; i++) {
            byte[] changed = fresh.clone();
            changed[i] ^= 1;
            alice.nonce = changed;
            assertThat(alice.refresh(600).errorCode()).as("byte " + i).isEqualTo(438);
        }
        alice.nonce = Arrays.copyOf(fresh, 10);
        assertThat(alice.refresh(600).errorCode()).isEqualTo(438);
    }

    @Test
    void anotherUserCantTouchAnAllocation() {
        alice.allocated();
        alice.as("bob", "pw2");
        assertThat(alice.refresh(0).errorCode()).isEqualTo(441);
        assertThat(alice.permit("192.0.2.9:9").errorCode()).isEqualTo(441);
        assertThat(server.taken).hasSize(1);
    }

    @Test
    void aNameForAWhileIsGoodUntilItsTimeAndACallSurvivesIt() {
        var ephemeral =
                Objects.requireNonNull(server.credentials.ephemeral("dave", server.seconds + 60));
        alice.as(ephemeral.name(), ephemeral.password()).allocated();
        assertThat(alice.held().user()).isEqualTo("dave");
        server.pass(Duration.ofSeconds(61));
        assertThat(alice.refresh(600).kind()).isEqualTo(StunType.SUCCESS);
        ScriptedClient late = new ScriptedClient(server, "192.0.2.5:4001");
        assertThat(late.as(ephemeral.name(), ephemeral.password()).allocate().errorCode())
                .isEqualTo(401);
        assertThat(server.reports)
                .contains("dave 401: the credentials ended 1 s ago; get new ones");
    }

    @Test
    void aNameMadeWithAnOlderSecretIsGoodToo() {
        Credentials older =
                new Credentials(SimulatedServer.REALM, java.util.Map.of(), List.of("older"));
        var made = Objects.requireNonNull(older.ephemeral("", server.seconds + 60));
        alice.as(made.name(), made.password()).allocated();
        // what others compute: base64(HMAC-SHA1("sesame", "1800000000:x"))
        var known =
                new Credentials("r", java.util.Map.of(), List.of("sesame"))
                        .ephemeral("x", 1_800_000_000L);
        assertThat(known)
                .isEqualTo(
                        new Credentials.Ephemeral("1800000000:x", "byQdx5m8cmIK43bcsEQsqV+FGM0="));
    }

    @Test
    void aClientOfRfc8489UsesSha256AndHidesItsName() {
        alice.isSha256 = true;
        StunReader answer = alice.allocate();
        assertThat(answer.kind()).isEqualTo(StunType.SUCCESS);
        assertThat(alice.integrity.isAuthenticSha256(answer, alice.key())).isTrue();

        alice.writer
                .begin(StunType.REFRESH, 1, 99)
                .putBytes(
                        StunAttribute.USERHASH,
                        LongTermKey.userHash("alice", SimulatedServer.REALM))
                .putText(StunAttribute.REALM, SimulatedServer.REALM)
                .putBytes(StunAttribute.NONCE, alice.nonce)
                .putPasswordAlgorithms(
                        dev.cardea.wire.stun.PasswordAlgorithm.SHA256,
                        dev.cardea.wire.stun.PasswordAlgorithm.MD5)
                .putPasswordAlgorithm(dev.cardea.wire.stun.PasswordAlgorithm.SHA256)
                .sealSha256(alice.integrity, alice.key());
        assertThat(exchange().kind()).isEqualTo(StunType.SUCCESS);
    }

    private StunReader exchange() {
        ByteBuffer message = alice.writer.finish();
        byte[] bytes = new byte[message.remaining()];
        message.get(bytes);
        return alice.exchange(bytes);
    }

    @Test
    void aListOfAlgorithmsThatWasShortenedOnTheWayIsNoticed() {
        alice.allocate();
        alice.writer
                .begin(StunType.REFRESH, 1, 99)
                .putText(StunAttribute.USERNAME, "alice")
                .putText(StunAttribute.REALM, SimulatedServer.REALM)
                .putBytes(StunAttribute.NONCE, alice.nonce)
                .putPasswordAlgorithms(dev.cardea.wire.stun.PasswordAlgorithm.MD5)
                .putPasswordAlgorithm(dev.cardea.wire.stun.PasswordAlgorithm.MD5)
                .seal(alice.integrity, alice.key());
        assertThat(exchange().errorCode()).isEqualTo(400);
    }

    @Test
    void anIncompleteProofIsABadRequest() {
        alice.writer.begin(StunType.ALLOCATE, 1, 99).seal(alice.integrity, alice.key());
        assertThat(exchange().errorCode()).isEqualTo(400);
    }

    @Test
    void whoHasProvedNothingGetsNoMoreThanThreeTimesWhatTheySent() {
        for (int method :
                new int[] {
                    StunType.BINDING,
                    StunType.ALLOCATE,
                    StunType.REFRESH,
                    StunType.CREATE_PERMISSION,
                    StunType.CHANNEL_BIND
                }) {
            alice.plain(method, _ -> {});
            assertThat(alice.received.getLast()).hasSizeLessThanOrEqualTo(160);
            alice.plain(method, StunWriter::putFingerprint);
            assertThat(alice.received.getLast()).hasSizeLessThanOrEqualTo(160);
        }
    }

    @Test
    void answersToASourceThatProvesNothingAreLimitedAndThoseToOthersAreNot() {
        SimulatedServer limited =
                new SimulatedServer(
                        new SimulatedServer.Limits(9, 9, 8, 0, 10, List.of(), List.of()));
        ScriptedClient victim = new ScriptedClient(limited, "192.0.2.5:4000");
        victim.allocated();
        victim.received.clear();
        byte[] bare = new byte[20];
        ByteBuffer.wrap(bare).putInt(0x0003_0000).putInt(StunReader.COOKIE);
        for (int i = 0; i < 1000; i++) victim.give(bare);
        assertThat(victim.received).hasSizeBetween(5, 10);
        ScriptedClient other = new ScriptedClient(limited, "192.0.2.77:4000");
        other.give(bare);
        assertThat(other.received).hasSize(1);
        assertThat(victim.refresh(600).kind()).as("proved").isEqualTo(StunType.SUCCESS);
        limited.pass(Duration.ofSeconds(1));
        victim.received.clear();
        for (int i = 0; i < 1000; i++) victim.give(bare);
        assertThat(victim.received).hasSizeBetween(5, 10);
        assertThat(limited.engine.suppressedAnswers()).isGreaterThan(1900);
    }

    @Test
    void aMillionRandomDatagramsChangeNothing() {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        alice.allocated();
        alice.received.clear();
        for (int i = 0; i < 1_000_000; i++) {
            byte[] bytes = new byte[random.nextInt(64)];
            random.nextBytes(bytes);
            if (bytes.length >= 20 && random.nextBoolean()) {
                ByteBuffer.wrap(bytes)
                        .putShort((short) random.nextInt(0x200))
                        .putShort((short) (bytes.length - 20 & ~3))
                        .putInt(StunReader.COOKIE);
                bytes = Arrays.copyOf(bytes, 20 + (bytes.length - 20 & ~3));
            }
            alice.give(bytes);
            alice.received.clear();
        }
        server.reports.clear();
        assertThat(alice.refresh(600).kind()).as("seed " + seed).isEqualTo(StunType.SUCCESS);
    }

    @Test
    void aBrokenFingerprintIsNotAnswered() {
        alice.writer.begin(StunType.BINDING, 1, 1).putFingerprint();
        ByteBuffer message = alice.writer.finish();
        byte[] bytes = new byte[message.remaining()];
        message.get(bytes);
        StunReader answer = alice.exchange(bytes);
        assertThat(answer.hasFingerprint()).isTrue();
        assertThat(answer.address(StunAttribute.XOR_MAPPED_ADDRESS)).isEqualTo(alice.address);
        bytes[bytes.length - 1] ^= 1;
        alice.received.clear();
        alice.give(bytes);
        assertThat(alice.received).isEmpty();
    }
}
