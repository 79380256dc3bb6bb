package dev.cardea.server.api;

import java.util.List;

/** What a field of the API is: for its description. */
sealed interface ApiType {
    enum Simple implements ApiType {
        TEXT,
        BASE64,
        BOOL,
        INT32,
        INT64,
        /** Unsigned, as all that follow. */
        UINT32,
        UINT64,
        DECIMAL,
        /** Any JSON. */
        ANY
    }

    record ListOf(ApiType of) implements ApiType {}

    /** An object with any names. */
    record MapOf(ApiType of) implements ApiType {}

    record Group(List<ApiField> fields) implements ApiType {}
}
