package dev.cardea.wire.mercure;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.cardea.wire.ByteWriter;
import dev.cardea.wire.Bytes;
import dev.cardea.wire.Malformed;
import java.util.Objects;

/** Whatever is posted: it is refused, or it makes one event that says nothing else. */
class FormFuzzTest {
    private static final Url HUB =
            Objects.requireNonNull(Url.parse("https://hub.example.com/.well-known/mercure", null));

    @FuzzTest(maxDuration = "1m")
    void anyFormIsRefusedOrMakesOneEvent(byte[] form) {
        Update update;
        try {
            update = UpdateForm.read(Bytes.wrap(form.clone()), HUB);
        } catch (Malformed | UpdateForm.TooMuch _) {
            return;
        }
        ByteWriter out = new ByteWriter();
        EventWriter.write(update, out);
        String event = out.toBytes().toUtf8();
        assertThat(event.indexOf("\n\n")).isEqualTo(event.length() - 2);
        assertThat(event.lines().filter(line -> line.startsWith("id: "))).hasSize(1);
        assertThat(event.lines().filter(line -> line.startsWith("event: ")).count())
                .isEqualTo(update.type().isEmpty() ? 0 : 1);
    }
}
