package dev.cardea.wire.stun;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** The messages of RFC 5769. */
class SampleMessagesTest {
    private static final byte[] SHORT_TERM =
            "VOkJxbRl1RmTxUk/WvJxBt".getBytes(StandardCharsets.US_ASCII);

    private final StunIntegrity integrity = new StunIntegrity();

    @Test
    void theRequestOfSection21IsReadAndItsSealsAreRight() {
        StunReader request =
                read(
                        "000100582112a442b7e7a701bc34d686fa87dfae802200105354554e207465737420636c69"
                                + "656e74002400046e0001ff80290008932ff9b151263b36000600096576746a3a6836"
                                + "7659202020000800149aeaa70cbfd8cb56781ef2b5b2d3f249c1b571a280280004e5"
                                + "7a3bcf");
        assertThat(request.method()).isEqualTo(StunType.BINDING);
        assertThat(request.kind()).isEqualTo(StunType.REQUEST);
        assertThat(request.text(StunAttribute.SOFTWARE, 763)).isEqualTo("STUN test client");
        assertThat(request.int32(StunAttribute.PRIORITY)).isEqualTo(0x6E0001FF);
        assertThat(request.int64(StunAttribute.ICE_CONTROLLED)).isEqualTo(0x932FF9B151263B36L);
        assertThat(request.text(StunAttribute.USERNAME, 512)).isEqualTo("evtj:h6vY");
        assertThat(integrity.isAuthentic(request, SHORT_TERM)).isTrue();
        assertThat(integrity.isAuthentic(request, new byte[] {1})).isFalse();
        assertThat(request.hasFingerprint()).isTrue();
    }

    @Test
    void theAnswersOfSections22And23HaveTheirAddresses() {
        StunReader four =
                read(
                        "0101003c2112a442b7e7a701bc34d686fa87dfae8022000b7465737420766563746f722000"
                                + "2000080001a147e112a643000800142b91f599fd9e90c38c7489f92af9ba53f06be7"
                                + "d780280004c07d4c96");
        assertThat(four.kind()).isEqualTo(StunType.SUCCESS);
        assertThat(four.address(StunAttribute.XOR_MAPPED_ADDRESS))
                .isEqualTo(TransportAddress.parse("192.0.2.1:32853"));
        assertThat(integrity.isAuthentic(four, SHORT_TERM)).isTrue();
        assertThat(four.hasFingerprint()).isTrue();

        StunReader six =
                read(
                        "010100482112a442b7e7a701bc34d686fa87dfae8022000b7465737420766563746f722000"
                                + "2000140002a1470113a9faa5d3f179bc25f4b5bed2b9d900080014a382954e4be67b"
                                + "f11784c97c8292c275bfe3ed4180280004c8fb0b4c");
        assertThat(six.address(StunAttribute.XOR_MAPPED_ADDRESS))
                .isEqualTo(TransportAddress.parse("[2001:db8:1234:5678:11:2233:4455:6677]:32853"));
        assertThat(integrity.isAuthentic(six, SHORT_TERM)).isTrue();
        assertThat(six.hasFingerprint()).isTrue();
    }

    @Test
    void theRequestOfSection24IsSealedWithALongTermKey() {
        StunReader request =
                read(
                        "000100602112a44278ad3433c6ad72c029da412e00060012e3839ee38388e383aae38383e3"
                                + "82afe382b900000015001c662f2f3439396b39353464364f4c33346f4c3946535476"
                                + "7936347341001400 0b6578616d706c652e6f72670000080014f67024656dd64a3e02"
                                        .replace(" ", "")
                                + "b8e0712e85c9a28ca89666");
        String user = request.text(StunAttribute.USERNAME, 512);
        assertThat(user).isEqualTo("\u30DE\u30C8\u30EA\u30C3\u30AF\u30B9");
        assertThat(request.text(StunAttribute.REALM, 763)).isEqualTo("example.org");
        byte[] key =
                LongTermKey.of(
                        PasswordAlgorithm.MD5,
                        user,
                        "example.org",
                        "TheMatrIX"); // after SASLprep, which RFC 8489 has no more
        assertThat(integrity.isAuthentic(request, key)).isTrue();
        assertThat(request.hasFingerprint()).isFalse();
    }

    @Test
    void anyBitThatChangesBreaksASeal() {
        byte[] bytes =
                new StunWriter(512)
                        .begin(StunType.ALLOCATE, 1, 2)
                        .putFirstOfFour(StunAttribute.REQUESTED_TRANSPORT, 17)
                        .putText(StunAttribute.USERNAME, "alice")
                        .seal(integrity, SHORT_TERM)
                        .sealSha256(integrity, SHORT_TERM)
                        .putFingerprint()
                        .finish()
                        .array();
        StunReader reader = new StunReader();
        int length = 20 + 8 + 12 + 24 + 36 + 8;
        for (int bit = 0; bit < (length - 8) * 8; bit++) {
            byte[] changed = java.util.Arrays.copyOf(bytes, length);
            changed[bit / 8] ^= (byte) (1 << bit % 8);
            boolean accepted;
            try {
                reader.read(ByteBuffer.wrap(changed));
                // what changes the first seal changes what the second one covers
                accepted =
                        integrity.isAuthenticSha256(reader, SHORT_TERM) || reader.hasFingerprint();
            } catch (dev.cardea.wire.Malformed _) {
                accepted = false;
            }
            assertThat(accepted).as("bit " + bit).isFalse();
        }
        reader.read(ByteBuffer.wrap(bytes, 0, length));
        assertThat(integrity.isAuthentic(reader, SHORT_TERM)).isTrue();
        assertThat(integrity.isAuthenticSha256(reader, SHORT_TERM)).isTrue();
        assertThat(reader.hasFingerprint()).isTrue();
    }

    @Test
    void aKeyIsMadeWithBothAlgorithmsAndAUserHasAHash() {
        assertThat(LongTermKey.of(PasswordAlgorithm.MD5, "user", "realm", "pass"))
                .asHexString()
                .isEqualToIgnoringCase("8493FBC53BA582FB4C044C456BDC40EB");
        assertThat(LongTermKey.of(PasswordAlgorithm.SHA256, "user", "realm", "pass")).hasSize(32);
        // RFC 8489 appendix B.1 has this hash of the same user
        assertThat(LongTermKey.userHash("\u30DE\u30C8\u30EA\u30C3\u30AF\u30B9", "example.org"))
                .asHexString()
                .isEqualToIgnoringCase(
                        "4A3CF38FEF6992BDA952C6780417DA0F24819415569E60B205C46E41407F1704");
    }

    static StunReader read(String hex) {
        return new StunReader().read(ByteBuffer.wrap(HexFormat.of().parseHex(hex)));
    }
}
