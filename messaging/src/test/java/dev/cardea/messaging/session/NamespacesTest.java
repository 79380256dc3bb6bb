package dev.cardea.messaging.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cardea.messaging.hub.ChannelOptions;
import dev.cardea.messaging.hub.SlowConsumer;
import dev.cardea.messaging.log.LogOptions;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

final class NamespacesTest {
    private static ChannelOptions options(String name, Predicate<String> acceptsName) {
        return new ChannelOptions(
                name,
                new LogOptions(0, 0, 16, 1024),
                0,
                false,
                false,
                false,
                0,
                false,
                false,
                false,
                false,
                ChannelOptions.RecoveryMode.STREAM,
                false,
                ChannelOptions.Permissions.NONE,
                ChannelOptions.PublicationDataFormat.ANY,
                false,
                acceptsName,
                SlowConsumer.RECOVER,
                null,
                ChannelOptions.Bandwidth.PLAIN);
    }

    private final ChannelOptions none = options("", _ -> true);
    private final ChannelOptions chat = options("chat", "room"::equals);
    private final ChannelOptions user = options("user", "/users/room"::equals);
    private final ChannelOptions all = options("all", _ -> true);

    private final Namespaces patterned =
            new Namespaces(
                    NameRules.DEFAULT,
                    none,
                    Map.of("chat", chat),
                    List.of(
                            new Namespaces.Patterned(ChannelPattern.of("/users/:name"), user),
                            new Namespaces.Patterned(ChannelPattern.of("/users/all"), all)));

    @Test
    void aPathIsOfTheNamespaceWhosePatternItMatches() {
        assertThat(patterned.of("/users/mary")).isSameAs(user);
        assertThat(patterned.of("/users/all")).isSameAs(all);
        assertThat(patterned.of("/users")).isNull();
        assertThat(patterned.of("/chat:room")).isNull();
        assertThat(patterned.of("chat:room")).isSameAs(chat);
        assertThat(patterned.of("user:x")).isNull();
        assertThat(patterned.of("news")).isSameAs(none);
    }

    @Test
    void withoutPatternsASlashMeansNothing() {
        Namespaces plain = new Namespaces(none, Map.of("chat", chat, "/chat", all));
        assertThat(plain.of("/users/mary")).isSameAs(none);
        assertThat(plain.of("/chat:room")).isSameAs(all);
    }

    @Test
    void aNameIsJudgedBehindItsNamespaceAndAPathAsAWhole() {
        assertThat(patterned.isValid("chat:room", chat)).isTrue();
        assertThat(patterned.isValid("$chat:room", chat)).isTrue();
        assertThat(patterned.isValid("chat:hall", chat)).isFalse();
        assertThat(patterned.isValid("/users/room", user)).isTrue();
        assertThat(patterned.isValid("/users/mary", user)).isFalse();
    }
}
