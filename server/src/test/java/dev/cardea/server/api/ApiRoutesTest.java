package dev.cardea.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cardea.server.config.HttpApiConfig;
import dev.cardea.server.config.HttpApiConfig.ErrorMode;
import org.junit.jupiter.api.Test;

class ApiRoutesTest {
    @Test
    void withoutAKeyEveryCallIsRefused() throws Exception {
        try (ApiServer server =
                new ApiServer(
                        ApiServer.config("/api", "", ErrorMode.UNSET, false),
                        ApiServer.NOTHING_MORE)) {
            assertThat(status(server, "/api/info", "")).isEqualTo(401);
            assertThat(status(server, "/api/info?api_key=", "x")).isEqualTo(401);
        }
    }

    @Test
    void insecureAsksForNoKey() throws Exception {
        try (ApiServer server =
                new ApiServer(
                        ApiServer.config("/api", "k", ErrorMode.UNSET, true),
                        ApiServer.NOTHING_MORE)) {
            assertThat(status(server, "/api/info", "")).isEqualTo(200);
        }
    }

    @Test
    void theConfigurationMayAskForErrorsAsStatus() throws Exception {
        try (ApiServer server =
                new ApiServer(
                        ApiServer.config("/api", "k", ErrorMode.TRANSPORT, false),
                        ApiServer.NOTHING_MORE)) {
            assertThat(status(server, "/api/presence", "k")).isEqualTo(400);
        }
    }

    @Test
    void thePathIsTheConfigurations() throws Exception {
        try (ApiServer server =
                new ApiServer(
                        ApiServer.config("/back/", "k", ErrorMode.UNSET, false),
                        ApiServer.NOTHING_MORE)) {
            assertThat(status(server, "/back/info", "k")).isEqualTo(200);
            assertThat(status(server, "/back", "k")).isEqualTo(200);
            assertThat(status(server, "/api/info", "k")).isEqualTo(404);
        }
        try (ApiServer server =
                new ApiServer(
                        ApiServer.config("/", "k", ErrorMode.UNSET, false),
                        ApiServer.NOTHING_MORE)) {
            assertThat(status(server, "/info", "k")).isEqualTo(200);
            assertThat(status(server, "/", "k")).isEqualTo(200);
        }
    }

    @Test
    void disabledMeansThatNothingIsThere() throws Exception {
        HttpApiConfig disabled =
                new HttpApiConfig(true, "/api", "k", ErrorMode.UNSET, false, false);
        try (ApiServer server = new ApiServer(disabled, ApiServer.NOTHING_MORE)) {
            assertThat(status(server, "/api/info", "k")).isEqualTo(404);
        }
    }

    private static int status(ApiServer server, String path, String key) throws Exception {
        return server.send(server.request(path, "{}").header("X-API-Key", key)).statusCode();
    }
}
