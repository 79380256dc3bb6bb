package dev.cardea.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;

class BytesTest {
    @Test
    void aCopyTakesWhatRemainsAndLeavesThePosition() {
        byte[] array = {0, 1, 2, 3};
        ByteBuffer buffer = ByteBuffer.wrap(array).position(1).limit(3);
        Bytes bytes = Bytes.copyOf(buffer);
        array[1] = 9;
        assertThat(bytes.toArray()).containsExactly(1, 2);
        assertThat(buffer.position()).isEqualTo(1);
        assertThat(Bytes.copyOf(ByteBuffer.allocateDirect(2).put(0, (byte) 5)).toArray())
                .containsExactly(5, 0);
    }

    @Test
    void nothingIsAlwaysTheSameNothing() {
        assertThat(Bytes.copyOf(ByteBuffer.allocate(0))).isSameAs(Bytes.EMPTY);
        assertThat(Bytes.wrap(new byte[0])).isSameAs(Bytes.EMPTY);
        assertThat(Bytes.utf8("").isEmpty()).isTrue();
    }

    @Test
    void equalBytesAreEqual() {
        assertThat(Bytes.utf8("a€")).isEqualTo(Bytes.wrap(new byte[] {'a', -30, -126, -84}));
        assertThat(Bytes.utf8("a€")).hasSameHashCodeAs(Bytes.utf8("a€"));
        assertThat(Bytes.utf8("a")).isNotEqualTo(Bytes.utf8("b"));
        assertThat(Bytes.utf8("a€").toUtf8()).isEqualTo("a€");
        assertThat(Bytes.utf8("ab").at(1)).isEqualTo((byte) 'b');
    }

    @Test
    void whatIsHandedOutCannotChangeThem() {
        Bytes bytes = Bytes.utf8("abc");
        bytes.toArray()[0] = 'x';
        Assertions.assertThatThrownBy(() -> bytes.buffer().put(0, (byte) 'x'))
                .isInstanceOf(ReadOnlyBufferException.class);
        assertThat(bytes.toUtf8()).isEqualTo("abc");
    }

    @Test
    void theContentStaysOutOfLogs() {
        assertThat(Bytes.utf8("secret")).hasToString("Bytes[6]");
    }
}
