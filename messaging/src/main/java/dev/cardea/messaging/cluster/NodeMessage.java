package dev.cardea.messaging.cluster;

import dev.cardea.messaging.api.ApiRequest;
import dev.cardea.messaging.api.ApiResponse;
import dev.cardea.messaging.api.ApiResponse.NodeInfo;
import dev.cardea.wire.Bytes;

/** What nodes say to each other. */
sealed interface NodeMessage {
    /** To all, every few seconds: this node runs, and how it is. */
    record Alive(NodeInfo info) implements NodeMessage {}

    /** To all: this node ends. */
    record Gone(String node) implements NodeMessage {}

    /** To one: what a client of its says, for the session that only this client was told. */
    record Emulate(String session, Bytes commands) implements NodeMessage {}

    /** To all: carry out, and tell me what became of it. */
    record Ask(String from, long id, ApiRequest request) implements NodeMessage {}

    /** To the one that asked. */
    record Answer(String from, long id, ApiResponse response) implements NodeMessage {}

    /** To all, or to one: what the realm of PeerJS peers on one node tells those on others. */
    record Realm(String from, Bytes what) implements NodeMessage {}
}
