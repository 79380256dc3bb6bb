package dev.cardea.server.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cardea.wire.Bytes;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The OpenAPI 3.1 document of the API, made from the methods' declarations. */
final class OpenApi {
    private final String prefix;
    private final String version;

    /**
     * @param prefix of the paths
     */
    OpenApi(String prefix, String version) {
        this.prefix = prefix;
        this.version = version;
    }

    Bytes json() {
        try {
            return Bytes.wrap(new ObjectMapper().writeValueAsBytes(document()));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("maps and texts can be written", e);
        }
    }

    private Map<String, Object> document() {
        Map<String, Object> paths = new LinkedHashMap<>();
        Map<String, Object> schemas = new LinkedHashMap<>();
        schemas.put("error", schema(ApiDescription.ERROR));
        Map<String, Object> commands = new LinkedHashMap<>();
        Map<String, Object> replies = new LinkedHashMap<>();
        replies.put("error", reference("error"));
        for (ApiMethod method : ApiMethod.values()) {
            ApiDescription description = ApiDescription.of(method);
            if (description == null) continue;
            String name = method.jsonName();
            schemas.put(name + "_request", schema(new ApiType.Group(description.arguments())));
            schemas.put(name + "_result", schema(new ApiType.Group(description.result())));
            commands.put(name, reference(name + "_request"));
            replies.put(name, reference(name + "_result"));
            paths.put(prefix + "/" + name, operation(name, description.summary()));
        }
        schemas.put("batch_request", batchRequest(commands));
        schemas.put("batch_result", object(Map.of("replies", array(object(replies)))));
        paths.put(prefix + "/batch", batch());
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("openapi", "3.1.0");
        document.put("info", Map.of("title", "Cardea server API", "version", version));
        document.put(
                "security", List.of(Map.of("header", List.of()), Map.of("parameter", List.of())));
        document.put("paths", paths);
        document.put(
                "components", Map.of("schemas", schemas, "securitySchemes", securitySchemes()));
        return document;
    }

    private static Map<String, Object> securitySchemes() {
        return Map.of(
                "header", Map.of("type", "apiKey", "in", "header", "name", "X-API-Key"),
                "parameter", Map.of("type", "apiKey", "in", "query", "name", "api_key"));
    }

    private static Map<String, Object> operation(String name, String summary) {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("result", reference(name + "_result"));
        answer.put("error", reference("error"));
        return post(name, summary, object(answer));
    }

    private static Map<String, Object> batch() {
        return post("batch", "Makes several calls", reference("batch_result"));
    }

    private static Map<String, Object> post(
            String name, String summary, Map<String, Object> answer) {
        Map<String, Object> responses = new LinkedHashMap<>();
        responses.put(
                "200", Map.of("description", "a result or an error", "content", content(answer)));
        responses.put("400", Map.of("description", "not the JSON that is expected"));
        responses.put("401", Map.of("description", "no key, or a wrong one"));
        Map<String, Object> operation = new LinkedHashMap<>();
        operation.put("operationId", name);
        operation.put("summary", summary);
        operation.put(
                "requestBody",
                Map.of("required", true, "content", content(reference(name + "_request"))));
        operation.put("responses", responses);
        return Map.of("post", operation);
    }

    private static Map<String, Object> batchRequest(Map<String, Object> commands) {
        Map<String, Object> properties = new LinkedHashMap<>();
        properties.put("commands", array(object(commands)));
        properties.put(
                "parallel",
                described(schema(ApiType.Simple.BOOL), "doesn't wait for one before the next"));
        return object(properties);
    }

    private static Map<String, Object> content(Map<String, Object> schema) {
        return Map.of("application/json", Map.of("schema", schema));
    }

    private static Map<String, Object> reference(String schema) {
        return Map.of("$ref", "#/components/schemas/" + schema);
    }

    private static Map<String, Object> array(Map<String, Object> items) {
        return Map.of("type", "array", "items", items);
    }

    private static Map<String, Object> object(Map<String, Object> properties) {
        return Map.of("type", "object", "properties", properties);
    }

    private static Map<String, Object> described(Map<String, Object> schema, String means) {
        Map<String, Object> described = new LinkedHashMap<>(schema);
        described.put("description", means);
        return described;
    }

    private static Map<String, Object> schema(ApiType type) {
        return switch (type) {
            case ApiType.ListOf(ApiType of) -> array(schema(of));
            case ApiType.MapOf(ApiType of) ->
                    Map.of("type", "object", "additionalProperties", schema(of));
            case ApiType.Group(List<ApiField> fields) -> {
                Map<String, Object> properties = new LinkedHashMap<>();
                for (ApiField field : fields) {
                    properties.put(field.name(), described(schema(field.type()), field.means()));
                }
                yield object(properties);
            }
            case ApiType.Simple simple -> schema(simple);
        };
    }

    private static Map<String, Object> schema(ApiType.Simple type) {
        return switch (type) {
            case TEXT -> Map.of("type", "string");
            case BASE64 -> Map.of("type", "string", "contentEncoding", "base64");
            case BOOL -> Map.of("type", "boolean");
            case INT32 -> Map.of("type", "integer", "format", "int32");
            case INT64 -> Map.of("type", "integer", "format", "int64");
            case UINT32 -> Map.of("type", "integer", "format", "int32", "minimum", 0);
            case UINT64 -> Map.of("type", "integer", "format", "int64", "minimum", 0);
            case DECIMAL -> Map.of("type", "number");
            case ANY -> Map.of();
        };
    }
}
