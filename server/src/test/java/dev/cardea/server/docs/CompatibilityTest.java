package dev.cardea.server.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cardea.messaging.auth.Authenticator.OptionOverride;
import dev.cardea.messaging.auth.Capability;
import dev.cardea.messaging.session.Disconnect;
import dev.cardea.messaging.session.Refusal;
import dev.cardea.messaging.session.Unsubscribed;
import dev.cardea.server.api.KnownMethods;
import dev.cardea.server.config.KnownKeys;
import dev.cardea.server.docs.DocumentedPage.Row;
import dev.cardea.server.proxy.ProxyKind;
import dev.cardea.wire.centrifuge.ClientInfo;
import dev.cardea.wire.centrifuge.Command;
import dev.cardea.wire.centrifuge.ConnectResult;
import dev.cardea.wire.centrifuge.Publication;
import dev.cardea.wire.centrifuge.Push;
import dev.cardea.wire.centrifuge.Reply;
import dev.cardea.wire.centrifuge.SubscribeRequest;
import dev.cardea.wire.centrifuge.SubscribeResult;
import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * That {@code docs/compatibility.md} has a row for everything that a client, a token, an operator
 * or a backend can use, and that the tests which pages name are there.
 */
class CompatibilityTest {
    private static final DocumentedPage PAGE = DocumentedPage.read("compatibility.md");

    private static final Pattern TEST_OF_JUNIT = Pattern.compile("[A-Z]\\w+Test\\.\\w+");

    @Test
    void everyTestThatAPageNamesIsThere() throws IOException {
        WrittenTests tests = WrittenTests.read();
        assertThat(tests.count()).isGreaterThan(1000);
        List<String> missing = new ArrayList<>();
        int named = 0;
        try (Stream<Path> pages = Files.list(Path.of("../docs"))) {
            for (Path page : pages.filter(each -> each.toString().endsWith(".md")).toList()) {
                for (String name : DocumentedPage.quoted(Files.readString(page))) {
                    boolean isATest =
                            TEST_OF_JUNIT.matcher(name).matches() || name.contains(".test.mjs: ");
                    if (!isATest) continue;
                    named++;
                    if (!tests.has(name)) missing.add(page.getFileName() + ": " + name);
                }
            }
        }
        assertThat(named).isGreaterThan(200);
        assertThat(missing).isEmpty();
    }

    @Test
    void everyRowNamesItsTests() {
        WrittenTests tests = WrittenTests.read();
        for (String page : List.of("compatibility.md", "hostile-input.md", "mercure-rules.md")) {
            DocumentedPage.read(page)
                    .sections()
                    .forEach((heading, rows) -> {
                        for (Row row : rows) {
                            assertThat(row.tests()).as("%s, %s", heading, row.text()).isNotEmpty();
                            assertThat(row.tests()).as(row.text()).allMatch(tests::has);
                        }
                    });
        }
    }

    @Test
    void everyCommandAndItsFields() {
        Set<String> commands = new TreeSet<>();
        Set<String> fields = new TreeSet<>();
        for (Class<?> command : Command.class.getPermittedSubclasses()) {
            String name = snake(command.getSimpleName());
            commands.add(name);
            if (!name.equals("subscribe")) addFields(fields, name, command);
        }
        addFields(fields, "subscribe", SubscribeRequest.class);
        isThePage("Commands", commands);
        isThePage("Fields of commands", fields);
    }

    @Test
    void everyReplyAndItsFields() {
        Set<String> fields = new TreeSet<>();
        for (Class<?> answer : Reply.Answer.class.getPermittedSubclasses()) {
            if (answer == Reply.Connect.class) addFields(fields, "connect", ConnectResult.class);
            else if (answer == Reply.Subscribe.class)
                addFields(fields, "subscribe", SubscribeResult.class);
            else addFields(fields, snake(answer.getSimpleName()), answer);
        }
        addFields(fields, "publication", Publication.class);
        addFields(fields, "client_info", ClientInfo.class);
        isThePage("Fields of replies", fields);
    }

    private static void addFields(Set<String> fields, String of, Class<?> type) {
        for (RecordComponent component : type.getRecordComponents()) {
            String name = snake(component.getName()).replaceFirst("_(seconds|millis)$", "");
            if (!name.equals("id")) fields.add(of + "." + name);
        }
    }

    @Test
    void everyPush() {
        Set<String> pushes = new TreeSet<>(Set.of("ping"));
        for (Class<?> push : Push.class.getPermittedSubclasses())
            pushes.add(snake(push.getSimpleName()));
        isThePage("Pushes", pushes);
    }

    @Test
    void everyError() {
        isThePage("Errors", codes(Arrays.stream(Refusal.values()).map(Refusal::code)));
    }

    @Test
    void everyEndOfASubscription() {
        isThePage(
                "Ends of a subscription",
                codes(Arrays.stream(Unsubscribed.values()).map(Unsubscribed::code)));
    }

    @Test
    void everyEndOfAConnection() throws IllegalAccessException {
        List<Integer> codes = new ArrayList<>();
        for (Field field : Disconnect.class.getDeclaredFields()) {
            if (field.getType() == Disconnect.class)
                codes.add(((Disconnect) field.get(null)).code());
        }
        isThePage("Ends of a connection", codes(codes.stream()));
    }

    private static Set<String> codes(Stream<Integer> codes) {
        Set<String> texts = new TreeSet<>();
        codes.forEach(code -> texts.add(code.toString()));
        return texts;
    }

    @Test
    void everyClaim() throws IOException {
        Set<String> claims = new TreeSet<>();
        for (String file : List.of("Claims", "CapabilityRules")) {
            Path source = Path.of("src/main/java/dev/cardea/server/auth", file + ".java");
            Pattern.compile("case \"(\\w+)\" -> ")
                    .matcher(Files.readString(source))
                    .results()
                    .forEach(found -> claims.add(found.group(1)));
        }
        claims.removeAll(Set.of("wildcard", "regex")); // values of match
        assertThat(claims).contains("sub", "caps", "b64data", "match").hasSizeGreaterThan(18);
        for (RecordComponent option : OptionOverride.class.getRecordComponents())
            claims.add("override." + snake(option.getName()));
        for (Capability capability : Capability.values()) {
            for (String name : List.of("sub", "pub", "prs", "hst"))
                if (Capability.named(name) == capability) claims.add("allow." + name);
        }
        isThePage("Claims", claims);
    }

    @Test
    void everyKeyOfTheConfiguration() {
        for (Map.Entry<String, Set<String>> part : KnownKeys.byPart().entrySet())
            isThePage("Options of " + part.getKey(), part.getValue());
    }

    @Test
    void everyMethodAndArgumentOfTheServerApi() {
        isThePage("Server API", KnownMethods.methods());
        isThePage("Arguments of the server API", KnownMethods.arguments());
    }

    @Test
    void everythingThatABackendIsAsked() {
        Set<String> kinds = new TreeSet<>();
        for (ProxyKind kind : ProxyKind.values()) kinds.add(kind.label());
        isThePage("Proxies", kinds);
    }

    /** No row is missing, and none tells of something that isn't there any more. */
    private static void isThePage(String heading, Set<String> known) {
        assertThat(PAGE.names(heading))
                .as("rows under '%s'", heading)
                .containsExactlyInAnyOrderElementsOf(known);
    }

    private static String snake(String camel) {
        return camel.replaceAll("(?<=[a-z0-9])(?=[A-Z])", "_").toLowerCase(Locale.ROOT);
    }
}
