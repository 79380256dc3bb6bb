package dev.cardea.wire.stun;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cardea.wire.Malformed;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class StunMessageTest {
    private static final int[] BYTES_ATTRIBUTES = {
        StunAttribute.USERNAME,
        StunAttribute.REALM,
        StunAttribute.NONCE,
        StunAttribute.DATA,
        StunAttribute.SOFTWARE,
        StunAttribute.ALTERNATE_DOMAIN,
        StunAttribute.PADDING,
        StunAttribute.USERHASH,
        StunAttribute.PASSWORD_ALGORITHMS,
        StunAttribute.ICMP
    };
    private static final int[] INT_ATTRIBUTES = {
        StunAttribute.LIFETIME,
        StunAttribute.PRIORITY,
        StunAttribute.CONNECTION_ID,
        StunAttribute.CHANGE_REQUEST,
        StunAttribute.CHANNEL_NUMBER,
        StunAttribute.RESPONSE_PORT,
        StunAttribute.REQUESTED_TRANSPORT,
        StunAttribute.REQUESTED_ADDRESS_FAMILY,
        StunAttribute.ADDITIONAL_ADDRESS_FAMILY,
        StunAttribute.PASSWORD_ALGORITHM
    };
    private static final int[] LONG_ATTRIBUTES = {
        StunAttribute.RESERVATION_TOKEN, StunAttribute.ICE_CONTROLLED, StunAttribute.ICE_CONTROLLING
    };
    private static final int[] ADDRESS_ATTRIBUTES = {
        StunAttribute.MAPPED_ADDRESS,
        StunAttribute.XOR_MAPPED_ADDRESS,
        StunAttribute.XOR_PEER_ADDRESS,
        StunAttribute.XOR_RELAYED_ADDRESS,
        StunAttribute.ALTERNATE_SERVER,
        StunAttribute.RESPONSE_ORIGIN,
        StunAttribute.OTHER_ADDRESS
    };

    private final StunReader reader = new StunReader();
    private final StunWriter writer = new StunWriter(65_536);

    @Test
    void whatIsWrittenIsReadAgain() {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < 20_000; i++) {
            int high = random.nextInt();
            long low = random.nextLong();
            int type = StunType.of(random.nextInt(0x1000), random.nextInt(4) * 0x10 & 0x110);
            writer.begin(type, high, low);
            int bytes = BYTES_ATTRIBUTES[random.nextInt(BYTES_ATTRIBUTES.length)];
            byte[] value = new byte[random.nextInt(70)];
            random.nextBytes(value);
            writer.putBytes(bytes, value);
            int ints = INT_ATTRIBUTES[random.nextInt(INT_ATTRIBUTES.length)];
            int number = random.nextInt();
            writer.putInt32(ints, number);
            int longs = LONG_ATTRIBUTES[random.nextInt(LONG_ATTRIBUTES.length)];
            writer.putInt64(longs, low);
            int addresses = ADDRESS_ATTRIBUTES[random.nextInt(ADDRESS_ATTRIBUTES.length)];
            TransportAddress address = randomAddress(random);
            TransportAddress second = randomAddress(random);
            writer.putAddress(addresses, address).putAddress(addresses, second);
            writer.putUint8(StunAttribute.EVEN_PORT, 0x80).putFlag(StunAttribute.DONT_FRAGMENT);
            writer.putError(StunError.STALE_NONCE).putFingerprint();

            reader.read(writer.finish());

            assertThat(reader.type()).as("seed %d", seed).isEqualTo(type);
            assertThat(StunType.of(reader.method(), reader.kind())).isEqualTo(type);
            assertThat(reader.transactionHigh()).isEqualTo(high);
            assertThat(reader.transactionLow()).isEqualTo(low);
            assertThat(reader.bytes(bytes)).as("seed %d", seed).isEqualTo(value);
            assertThat(reader.int32(ints)).isEqualTo(number);
            assertThat(reader.firstOfFour(ints)).isEqualTo(number >>> 24);
            assertThat(reader.firstTwoOfFour(ints)).isEqualTo(number >>> 16);
            assertThat(reader.int64(longs)).isEqualTo(low);
            assertThat(reader.address(addresses)).as("seed %d", seed).isEqualTo(address);
            int next = reader.next(reader.find(addresses));
            assertThat(reader.addressAt(next)).as("seed %d", seed).isEqualTo(second);
            assertThat(reader.next(next)).isEqualTo(-1);
            assertThat(reader.uint8(StunAttribute.EVEN_PORT)).isEqualTo(0x80);
            assertThat(reader.has(StunAttribute.DONT_FRAGMENT)).isTrue();
            assertThat(reader.errorCode()).isEqualTo(438);
            assertThat(reader.hasFingerprint()).isTrue();
            assertThat(reader.hasUnknownAttributes()).isFalse();
        }
    }

    private static TransportAddress randomAddress(SplittableRandom random) {
        IpAddress ip =
                random.nextBoolean()
                        ? IpAddress.ofIpv4(random.nextInt())
                        : new IpAddress(random.nextLong(), random.nextLong());
        assertThat(IpAddress.of(ip.toBytes())).isEqualTo(ip);
        assertThat(IpAddress.parse(ip.toString())).isEqualTo(ip);
        TransportAddress address = new TransportAddress(ip, random.nextInt(65_536));
        assertThat(TransportAddress.parse(address.toString())).isEqualTo(address);
        return address;
    }

    @Test
    void everyTruncationIsRefused() {
        byte[] whole = sample();
        for (int length = 0; length < whole.length; length++) {
            byte[] part = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> reader.read(ByteBuffer.wrap(part)))
                    .as("%d bytes", length)
                    .isInstanceOf(Malformed.class);
        }
        byte[] more = Arrays.copyOf(whole, whole.length + 4);
        assertThatThrownBy(() -> reader.read(ByteBuffer.wrap(more))).isInstanceOf(Malformed.class);
    }

    @Test
    void everyLengthThatLiesIsRefusedOrReadWithinTheMessage() {
        byte[] whole = sample();
        for (int at = 0; at < whole.length - 1; at++) {
            for (int lie : new int[] {0, 1, 3, 4, 5, 0x7F, 0x100, 0x7FFF, 0xFFFC, 0xFFFF}) {
                byte[] changed = whole.clone();
                changed[at] = (byte) (lie >> 8);
                changed[at + 1] = (byte) lie;
                readAll(reader, ByteBuffer.wrap(changed));
            }
        }
        byte[] header = whole.clone();
        header[3] = (byte) (header[3] + 4);
        assertThatThrownBy(() -> reader.read(ByteBuffer.wrap(header)))
                .hasMessage("the length is not that of the message");
        byte[] attribute = whole.clone();
        attribute[22] = (byte) 0xFF;
        assertThatThrownBy(() -> reader.read(ByteBuffer.wrap(attribute)))
                .hasMessage("an attribute ends behind the message");
    }

    private byte[] sample() {
        ByteBuffer message =
                writer.begin(StunType.SEND_INDICATION, 7, 9)
                        .putText(StunAttribute.USERNAME, "alice")
                        .putAddress(
                                StunAttribute.XOR_PEER_ADDRESS,
                                TransportAddress.parse("192.0.2.7:9"))
                        .putAddress(
                                StunAttribute.XOR_RELAYED_ADDRESS,
                                TransportAddress.parse("[2001:db8::7]:9"))
                        .putInt32(StunAttribute.LIFETIME, 600)
                        .putBytes(StunAttribute.DATA, new byte[5])
                        .seal(new StunIntegrity(), new byte[16])
                        .putFingerprint()
                        .finish();
        byte[] bytes = new byte[message.remaining()];
        message.get(bytes);
        return bytes;
    }

    /** Reads whatever can be read; nothing but {@link Malformed} may come out of it. */
    static void readAll(StunReader reader, ByteBuffer message) {
        try {
            reader.read(message);
        } catch (Malformed _) {
            return;
        }
        StunIntegrity integrity = new StunIntegrity();
        integrity.isAuthentic(reader, new byte[1]);
        integrity.isAuthenticSha256(reader, new byte[1]);
        reader.hasFingerprint();
        reader.unknownAttributes();
        for (int type = 0; type < 0x40; type++) {
            attempt(reader, type);
            attempt(reader, 0x8000 | type);
        }
    }

    private static void attempt(StunReader reader, int type) {
        if (StunAttribute.slot(type) < 0) return;
        for (int at = reader.find(type); at >= 0; at = reader.next(at)) {
            try {
                var _ = reader.addressAt(at);
            } catch (Malformed _) {
                // as it should be
            }
        }
        for (Runnable read :
                new Runnable[] {
                    () -> reader.uint8(type),
                    () -> reader.int32(type),
                    () -> reader.int64(type),
                    () -> reader.bytes(type),
                    () -> reader.text(type, 763),
                    reader::errorCode
                }) {
            try {
                read.run();
            } catch (Malformed _) {
                // as it should be
            }
        }
    }

    @Test
    void whatMustBeUnderstoodAndIsUnknownIsListedOnceAndNotWithoutBound() {
        writer.begin(StunType.BINDING, 1, 1);
        writer.putInt32(0x7FFF, 1).putInt32(0x7FFF, 2).putInt32(0xFFFF, 3);
        assertThat(reader.read(writer.finish()).unknownAttributes()).containsExactly(0x7FFF);

        writer.begin(StunType.BINDING, 1, 1);
        for (int i = 0; i < 1_000; i++) writer.putFlag(0x4000 + i);
        assertThat(reader.read(writer.finish()).unknownAttributes()).hasSize(16);
    }

    @Test
    void whatStandsBehindIntegrityDoesNotCount() {
        StunIntegrity integrity = new StunIntegrity();
        writer.begin(StunType.REFRESH, 1, 1)
                .putInt32(StunAttribute.LIFETIME, 1)
                .seal(integrity, new byte[16])
                .putInt32(StunAttribute.CHANNEL_NUMBER, 2)
                .putInt32(0x7FFF, 1)
                .putFingerprint();
        reader.read(writer.finish());
        assertThat(reader.has(StunAttribute.CHANNEL_NUMBER)).isFalse();
        assertThat(reader.hasUnknownAttributes()).isFalse();
        assertThat(reader.hasFingerprint()).isTrue();
        assertThat(reader.next(reader.find(StunAttribute.LIFETIME))).isEqualTo(-1);
    }

    @Test
    void anIpv4AddressInAnIpv6AddressIsTheIpv4Address() {
        assertThat(IpAddress.parse("::ffff:192.0.2.1")).isEqualTo(IpAddress.parse("192.0.2.1"));
        assertThat(IpAddress.parse("::FFFF:c000:201")).isEqualTo(IpAddress.parse("192.0.2.1"));
        assertThat(IpAddress.parse("2001:DB8:0:0:1:0:0:1")).hasToString("2001:db8::1:0:0:1");
        assertThat(IpAddress.parse("::")).hasToString("::");
        assertThat(IpAddress.parse("1::")).hasToString("1::");
        for (String bad :
                new String[] {
                    "",
                    "1.2.3",
                    "1.2.3.256",
                    "1.2.3.4.5",
                    "localhost",
                    ":::",
                    "1:2",
                    "1::2::3",
                    "1:2:3:4:5:6:7::8",
                    "1:2:3:4:5:6:7:8:9",
                    "fe80::1%eth0",
                    "::12345",
                    "1.2.3.+4"
                }) {
            assertThatThrownBy(() -> IpAddress.parse(bad)).as(bad).isInstanceOf(Malformed.class);
        }
    }

    @Test
    void aStreamSaysWhereItsFramesEnd() {
        assertThat(StreamFrames.frameBytes(0x0001_0008)).isEqualTo(28);
        assertThat(StreamFrames.frameBytes(ChannelData.header(0x4000, 5))).isEqualTo(12);
        assertThat(StreamFrames.frameBytes(ChannelData.header(0x4FFF, 8))).isEqualTo(12);
        assertThatThrownBy(() -> StreamFrames.frameBytes(0x0001_0007))
                .isInstanceOf(Malformed.class);
        assertThatThrownBy(() -> StreamFrames.frameBytes(0x8000_0000))
                .isInstanceOf(Malformed.class);
    }

    @Test
    void channelDataIsWhatItsHeaderSays() {
        ByteBuffer frame = ByteBuffer.wrap(new byte[] {0x40, 1, 0, 2, 7, 8, 0, 0});
        assertThat(ChannelData.channel(frame)).isEqualTo(0x4001);
        assertThat(ChannelData.data(frame)).isEqualTo(ByteBuffer.wrap(new byte[] {7, 8}));
        assertThat(ChannelData.startsWith(0x40)).isTrue();
        assertThat(ChannelData.startsWith(0x80)).isFalse();
        for (byte[] bad :
                new byte[][] {
                    {},
                    {0x40},
                    {0x40, 0, 0},
                    {0x40, 0, 0, 1},
                    {0x3F, 0, 0, 0},
                    {(byte) 0x80, 0, 0, 0}
                }) {
            assertThatThrownBy(() -> ChannelData.data(ByteBuffer.wrap(bad)))
                    .isInstanceOf(Malformed.class);
        }
    }
}
