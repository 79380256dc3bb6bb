package dev.cardea.server.auth;

import java.net.URI;
import java.util.concurrent.CompletionStage;

/** Gets what is at an address, or fails; bounded in time and size. Thread safe. */
interface KeySetFetch {
    CompletionStage<byte[]> get(URI address);
}
