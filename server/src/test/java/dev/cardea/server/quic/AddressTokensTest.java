package dev.cardea.server.quic;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class AddressTokensTest {
    private static final InetSocketAddress CLIENT =
            new InetSocketAddress(InetAddress.ofLiteral("192.0.2.1"), 4433);
    private static final byte[] KEY = "a key of thirty-two bytes in all".getBytes(US_ASCII);

    private long now = 1_000_000;
    private final QuicLoad load = new QuicLoad(limits(0, 2));
    private final AddressTokens tokens = new AddressTokens(KEY, load, () -> now);

    private static QuicLimits limits(int freeHandshakes, int handshakes) {
        Duration second = Duration.ofSeconds(1);
        return new QuicLimits(
                100,
                freeHandshakes,
                handshakes,
                second,
                second,
                second,
                1,
                1,
                1,
                1,
                1,
                1,
                1,
                second,
                second,
                second);
    }

    private static ByteBuf id(int length) {
        ByteBuf id = Unpooled.buffer(length);
        for (int i = 0; i < length; i++) id.writeByte(i + 1);
        return id;
    }

    private ByteBuf token(int idLength) {
        ByteBuf token = Unpooled.buffer();
        assertThat(tokens.writeToken(token, id(idLength), CLIENT)).isTrue();
        assertThat(token.readableBytes()).isLessThanOrEqualTo(tokens.maxTokenLength());
        return token;
    }

    @Test
    void whoComesBackWithItsTokenIsLetInWithItsFirstConnectionId() {
        for (int length : new int[] {8, 20}) {
            ByteBuf token = token(length);
            int at = tokens.validateToken(token, CLIENT);
            assertThat(at).isPositive();
            assertThat(token.slice(at, token.readableBytes() - at)).isEqualTo(id(length));
        }
    }

    @Test
    void aTokenIsGoodForItsAddressAndPortAlone() {
        ByteBuf token = token(8);
        for (InetSocketAddress other :
                new InetSocketAddress[] {
                    new InetSocketAddress(InetAddress.ofLiteral("192.0.2.1"), 4434),
                    new InetSocketAddress(InetAddress.ofLiteral("192.0.2.2"), 4433),
                    new InetSocketAddress(InetAddress.ofLiteral("2001:db8::1"), 4433)
                }) {
            assertThat(tokens.validateToken(token, other)).isEqualTo(-1);
        }
    }

    @Test
    void aTokenIsGoodForTenSeconds() {
        ByteBuf token = token(8);
        now += 10;
        assertThat(tokens.validateToken(token, CLIENT)).isPositive();
        now += 1;
        assertThat(tokens.validateToken(token, CLIENT)).isEqualTo(-1);
        now -= 12; // made after now
        assertThat(tokens.validateToken(token, CLIENT)).isEqualTo(-1);
    }

    @Test
    void aTokenThatDiffersInOneBitIsRefused() {
        ByteBuf token = token(8);
        for (int bit = 0; bit < 8 * token.readableBytes(); bit++) {
            ByteBuf other = token.copy();
            other.setByte(bit / 8, other.getByte(bit / 8) ^ (1 << (bit % 8)));
            assertThat(tokens.validateToken(other, CLIENT)).as("bit %d", bit).isEqualTo(-1);
        }
    }

    @Test
    void anyBytesAreRefused() {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < 10_000; i++) {
            byte[] bytes = new byte[random.nextInt(100)];
            random.nextBytes(bytes);
            assertThat(tokens.validateToken(Unpooled.wrappedBuffer(bytes), CLIENT))
                    .as("seed %d", seed)
                    .isEqualTo(-1);
        }
    }

    @Test
    void anotherServersKeyIsAnotherKey() {
        byte[] otherKey = KEY.clone();
        otherKey[0]++;
        AddressTokens other = new AddressTokens(otherKey, load, () -> now);
        assertThat(other.validateToken(token(8), CLIENT)).isEqualTo(-1);
        AddressTokens sameKey = new AddressTokens(KEY.clone(), load, () -> now);
        assertThat(sameKey.validateToken(token(8), CLIENT)).isPositive();
    }

    @Test
    void tokensAreAskedForOnceManyShakeHandsAndNobodyIsLetInPastTheLimit() {
        QuicLoad load = new QuicLoad(limits(2, 4));
        AddressTokens tokens = new AddressTokens(KEY, load, () -> now);
        EmbeddedChannel[] handshakes = new EmbeddedChannel[4];
        assertThat(tokens.writeToken(Unpooled.buffer(), id(8), CLIENT)).isFalse();
        for (int i = 0; i < 2; i++) handshakes[i] = shaking(load);
        ByteBuf token = Unpooled.buffer();
        assertThat(tokens.writeToken(token, id(8), CLIENT)).isTrue();
        assertThat(tokens.validateToken(token, CLIENT)).isPositive();
        for (int i = 2; i < 4; i++) handshakes[i] = shaking(load);
        assertThat(tokens.validateToken(token, CLIENT)).isEqualTo(-1);
        for (EmbeddedChannel each : handshakes) {
            var _ = each.close();
        }
        assertThat(load.handshakes()).isZero();
        assertThat(load.connections()).isZero();
        assertThat(tokens.writeToken(Unpooled.buffer(), id(8), CLIENT)).isFalse();
    }

    /** A connection that is never told to be active. */
    private static EmbeddedChannel shaking(QuicLoad load) {
        EmbeddedChannel channel = new EmbeddedChannel();
        channel.pipeline().addLast(load.counter());
        return channel;
    }
}
