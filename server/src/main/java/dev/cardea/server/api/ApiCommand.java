package dev.cardea.server.api;

import dev.cardea.messaging.api.ApiRequest;
import dev.cardea.messaging.session.Refusal;

/** One command, as it was read. */
sealed interface ApiCommand {
    ApiMethod method();

    record Call(ApiMethod method, ApiRequest request) implements ApiCommand {}

    /** It could be read, and is refused. */
    record Wrong(ApiMethod method, Refusal why) implements ApiCommand {}
}
