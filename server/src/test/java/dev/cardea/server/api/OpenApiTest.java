package dev.cardea.server.api;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cardea.testkit.websocket.CentrifugeSocket;
import dev.cardea.wire.Bytes;
import dev.cardea.wire.Malformed;
import dev.cardea.wire.json.JsonReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** That the API's description says what its reader takes and its writer gives. */
class OpenApiTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void everyMethodThatDoesSomethingIsDescribedAndNoOther() throws Exception {
        for (ApiMethod method : ApiMethod.values()) {
            ApiCommand command = method.read(ApiReader.of(Bytes.utf8("{}")));
            assertThat(ApiDescription.of(method) != null)
                    .as(method.jsonName())
                    .isEqualTo(command instanceof ApiCommand.Call);
        }
        try (ApiServer server = ApiServer.withKey()) {
            JsonNode document = JSON.readTree(server.get("/openapi.json"));
            Set<String> paths = new TreeSet<>();
            document.get("paths").fieldNames().forEachRemaining(paths::add);
            Set<String> served = new TreeSet<>(Set.of("/api/batch"));
            for (ApiMethod method : ApiMethod.values()) {
                if (ApiDescription.of(method) != null) served.add("/api/" + method.jsonName());
            }
            assertThat(paths).isEqualTo(served);
            for (String path : paths) assertThat(server.post(path, "{}")).startsWith("{");
        }
    }

    @Test
    void everyReferenceLeadsSomewhere() {
        JsonNode document = document();
        List<JsonNode> references = document.findValues("$ref");
        assertThat(references).isNotEmpty();
        for (JsonNode each : references) {
            assertThat(document.at(each.asText().substring(1)).isObject())
                    .as(each.asText())
                    .isTrue();
        }
    }

    @Test
    void everyArgumentIsReadAsItsType() {
        for (ApiMethod method : ApiMethod.values()) {
            ApiDescription description = ApiDescription.of(method);
            if (description == null) continue;
            for (ApiField field : description.arguments()) {
                checkRead(method, field, "{\"%s\":%s}".formatted(field.name(), "%s"));
            }
        }
    }

    private static void checkRead(ApiMethod method, ApiField field, String frame) {
        assertThat(takes(method, frame.formatted(sample(field.type()))))
                .as("%s takes %s", method, field)
                .isTrue();
        String wrong = wrong(field.type());
        if (wrong != null) {
            assertThat(takes(method, frame.formatted(wrong)))
                    .as("%s takes %s for %s", method, wrong, field)
                    .isFalse();
        }
        if (field.type() instanceof ApiType.Group(List<ApiField> fields)) {
            for (ApiField inner : fields) {
                String inside = "{\"%s\":%s}".formatted(inner.name(), "%s");
                checkRead(method, inner, frame.formatted(inside));
            }
        }
    }

    /** What isn't described is passed over, whatever it is. */
    @Test
    void nothingElseIsRead() {
        Set<String> names = new LinkedHashSet<>(List.of("else", "expired", "id", "params"));
        for (ApiMethod method : ApiMethod.values()) {
            ApiDescription description = ApiDescription.of(method);
            if (description == null) continue;
            for (ApiField field : description.arguments()) names.add(field.name());
        }
        for (ApiMethod method : ApiMethod.values()) {
            ApiDescription description = ApiDescription.of(method);
            if (description == null) continue;
            Set<String> others = new LinkedHashSet<>(names);
            for (ApiField field : description.arguments()) others.remove(field.name());
            for (String other : others) {
                for (String value : List.of("1", "-1", "\"x\"", "[{}]", "{\"a\":[]}", "true")) {
                    assertThat(takes(method, "{\"%s\":%s}".formatted(other, value)))
                            .as("%s with %s %s", method, other, value)
                            .isTrue();
                }
            }
        }
    }

    private static boolean takes(ApiMethod method, String json) {
        try {
            JsonReader in = ApiReader.of(Bytes.utf8(json));
            ApiCommand _ = method.read(in);
            in.end();
            return true;
        } catch (Malformed _) {
            return false;
        }
    }

    private static String sample(ApiType type) {
        return switch (type) {
            case ApiType.ListOf(ApiType of) -> "[" + sample(of) + "]";
            case ApiType.MapOf(ApiType of) -> "{\"any\":" + sample(of) + "}";
            case ApiType.Group _ -> "{}";
            case ApiType.Simple simple ->
                    switch (simple) {
                        case TEXT -> "\"text\"";
                        case BASE64 -> "\"aGk=\"";
                        case BOOL -> "true";
                        case INT32 -> "-2147483648";
                        case INT64 -> "-9223372036854775808";
                        case UINT32 -> "4294967295";
                        case UINT64 -> "18446744073709551615";
                        case DECIMAL -> "1.5";
                        case ANY -> "[null]";
                    };
        };
    }

    private static @org.jspecify.annotations.Nullable String wrong(ApiType type) {
        return switch (type) {
            case ApiType.ListOf _ -> "{}";
            case ApiType.MapOf _, ApiType.Group _ -> "[]";
            case ApiType.Simple simple ->
                    switch (simple) {
                        case TEXT, BASE64, BOOL -> "1";
                        case INT32 -> "2147483648";
                        case INT64 -> "\"1\"";
                        case UINT32 -> "4294967296";
                        case UINT64 -> "-1";
                        case DECIMAL -> "\"1\"";
                        case ANY -> null;
                    };
        };
    }

    /** Every field of a result is described, and each that is described comes. */
    @Test
    void resultsAreAsDescribed() throws Exception {
        Map<ApiMethod, Set<String>> seen = new LinkedHashMap<>();
        try (ApiServer server = ApiServer.withKey();
                CentrifugeSocket alice = server.connect("alice", "chat:1");
                CentrifugeSocket bob = server.connect("bob", "chat:1")) {
            alice.send(
                    new dev.cardea.wire.centrifuge.Command.Publish(
                            7, "chat:1", Bytes.utf8("1"), 0, "", false));
            alice.answer(7, ApiServer.SOON);
            assertThat(bob.seen()).isNotEmpty();
            String[][] calls = {
                {"publish", "{\"channel\":\"chat:1\",\"data\":1,\"tags\":{\"a\":\"b\"}}"},
                {"publish", "{\"channel\":\"chat:1\",\"b64data\":\"/w==\"}"},
                {"broadcast", "{\"channels\":[\"chat:1\",\"no:1\"],\"data\":1}"},
                {"subscribe", "{\"user\":\"alice\",\"channel\":\"news\"}"},
                {"unsubscribe", "{\"user\":\"alice\",\"channel\":\"news\"}"},
                {"presence", "{\"channel\":\"chat:1\"}"},
                {"presence_stats", "{\"channel\":\"chat:1\"}"},
                {"history", "{\"channel\":\"chat:1\",\"limit\":-1}"},
                {"history_remove", "{\"channel\":\"chat:1\"}"},
                {"channels", "{}"},
                {"connections", "{\"limit\":1}"},
                {"info", "{}"},
                {"revoke_token", "{\"uid\":\"x\"}"},
                {"invalidate_user_tokens", "{\"user\":\"nobody\"}"},
                {"disconnect", "{\"user\":\"alice\"}"},
            };
            for (String[] call : calls) {
                ApiMethod method = requireNonNull(ApiMethod.named(call[0]));
                JsonNode result =
                        JSON.readTree(server.post("/api/" + call[0], call[1])).get("result");
                assertThat(result).as(call[0]).isNotNull();
                check(
                        new ApiType.Group(requireNonNull(ApiDescription.of(method)).result()),
                        result,
                        call[0],
                        seen.computeIfAbsent(method, _ -> new TreeSet<>()));
            }
        }
        for (ApiMethod method : ApiMethod.values()) {
            ApiDescription description = ApiDescription.of(method);
            if (description == null) continue;
            Set<String> described = new TreeSet<>();
            gather(new ApiType.Group(description.result()), method.jsonName(), described);
            // info's process is told by a server with a process; AnyUser has no infos
            described.removeIf(path -> path.contains("process") || path.endsWith("_info"));
            described.removeIf(path -> path.contains(".info.") && method == ApiMethod.HISTORY);
            Set<String> came = new TreeSet<>(seen.getOrDefault(method, Set.of()));
            came.removeIf(path -> path.contains(".info."));
            assertThat(came).as(method.jsonName()).isEqualTo(described);
        }
    }

    private static void check(ApiType type, JsonNode node, String path, Set<String> seen) {
        switch (type) {
            case ApiType.ListOf(ApiType of) -> {
                assertThat(node.isArray()).as(path).isTrue();
                node.forEach(item -> check(of, item, path, seen));
            }
            case ApiType.MapOf(ApiType of) -> {
                assertThat(node.isObject()).as(path).isTrue();
                node.forEach(item -> check(of, item, path, seen));
            }
            case ApiType.Group(List<ApiField> fields) -> {
                assertThat(node.isObject()).as(path).isTrue();
                Map<String, ApiType> byName = new LinkedHashMap<>();
                for (ApiField field : fields) byName.put(field.name(), field.type());
                node.fieldNames()
                        .forEachRemaining(name -> {
                            assertThat(byName).as(path).containsKey(name);
                            String own = path + "." + name;
                            seen.add(own);
                            check(requireNonNull(byName.get(name)), node.get(name), own, seen);
                        });
            }
            case ApiType.Simple simple -> {
                boolean fits =
                        switch (simple) {
                            case TEXT, BASE64 -> node.isTextual();
                            case BOOL -> node.isBoolean();
                            case INT32, INT64, UINT32, UINT64 -> node.isIntegralNumber();
                            case DECIMAL -> node.isNumber();
                            case ANY -> true;
                        };
                assertThat(fits).as("%s is %s", path, node).isTrue();
            }
        }
    }

    private static void gather(ApiType type, String path, Set<String> paths) {
        switch (type) {
            case ApiType.ListOf(ApiType of) -> gather(of, path, paths);
            case ApiType.MapOf(ApiType of) -> gather(of, path, paths);
            case ApiType.Group(List<ApiField> fields) -> {
                for (ApiField field : fields) {
                    paths.add(path + "." + field.name());
                    gather(field.type(), path + "." + field.name(), paths);
                }
            }
            case ApiType.Simple _ -> {}
        }
    }

    @Test
    void everyMethodAndArgumentIsInTheGuide() throws Exception {
        String page = Files.readString(Path.of("../docs/server-api.md"));
        for (ApiMethod method : ApiMethod.values()) {
            ApiDescription description = ApiDescription.of(method);
            if (description == null) continue;
            assertThat(page).contains("`" + method.jsonName() + "`");
            for (ApiField field : description.arguments()) {
                assertThat(page).as(method.jsonName()).contains("`" + field.name() + "`");
            }
        }
    }

    private static JsonNode document() {
        try {
            return JSON.readTree(new OpenApi("/api", "1").json().toUtf8());
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }
}
