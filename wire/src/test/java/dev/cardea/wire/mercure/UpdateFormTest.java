package dev.cardea.wire.mercure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cardea.wire.Bytes;
import dev.cardea.wire.Malformed;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UpdateFormTest {
    private static final Url HUB =
            Objects.requireNonNull(Url.parse("https://hub.example.com/.well-known/mercure", null));

    private static Update read(String form) throws UpdateForm.TooMuch {
        return UpdateForm.read(Bytes.utf8(form), HUB);
    }

    @Test
    void everyFieldIsRead() throws UpdateForm.TooMuch {
        Update update =
                read(
                        "topic=https%3A%2F%2Fexample.com%2Fa&topic=b&data=x+y%26%C3%A9%0Az&private=on"
                                + "&id=urn:uuid:1&type=news&retry=5000&later=1");
        assertThat(update.topics())
                .containsExactly(new Topic("https://example.com/a", HUB), new Topic("b", HUB));
        assertThat(update.data().toUtf8()).isEqualTo("x y&é\nz");
        assertThat(update.isPrivate()).isTrue();
        assertThat(update.id()).isEqualTo("urn:uuid:1");
        assertThat(update.type()).isEqualTo("news");
        assertThat(update.retryMillis()).isEqualTo(5000);
    }

    @ParameterizedTest
    @ValueSource(strings = {"topic=a&private=", "topic=a&private", "topic=a&private=off"})
    void thatPrivateIsThereIsEnough(String form) throws UpdateForm.TooMuch {
        assertThat(read(form).isPrivate()).isTrue();
    }

    @Test
    void aTopicIsAllThatIsNeeded() throws UpdateForm.TooMuch {
        Update update = read("topic=a");
        assertThat(update.isPrivate()).isFalse();
        assertThat(update.data()).isEqualTo(Bytes.EMPTY);
        assertThat(update.id()).isEmpty();
        assertThat(update.retryMillis()).isEqualTo(Update.NO_RETRY);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "data=x",
                "topic=a&id=%23x",
                "topic=a&id=earliest",
                "topic=a&id=x%0Ay",
                "topic=a&id=x%0Dy",
                "topic=a&id=x%00y",
                "topic=a&id=x%C2%85y",
                "topic=a&id=x%E2%80%8By",
                "topic=a&type=x%0Adata:y",
                "topic=a&type=x%00",
                "topic=a&type=mercure",
                "topic=a&retry=x",
                "topic=a&retry=-1",
                "topic=a&retry=1.5",
                "topic=a&retry=99999999999999999999",
                "topic=a&data=%FF",
                "topic=%2A",
                "topic=a%0Ab",
                "topic=/.well-known/mercure",
                "topic=a&topic=https://hub.example.com/.well-known/mercure/subscriptions/x",
            })
    void whatBreaksTheRulesIsRefused(String form) {
        assertThatThrownBy(() -> read(form)).isInstanceOf(Malformed.class);
    }

    @Test
    void tooManyTopicsAreTooMuch() {
        assertThatThrownBy(() -> read("topic=a&".repeat(1001)))
                .isInstanceOf(UpdateForm.TooMuch.class);
        assertThatThrownBy(() -> read("x&".repeat(100_000))).isInstanceOf(UpdateForm.TooMuch.class);
    }
}
