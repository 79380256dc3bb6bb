package dev.cardea.messaging.peerjs;

import dev.cardea.wire.peerjs.Signal;
import java.util.List;

/** What realms of several nodes tell each other. */
public sealed interface RealmMessage {
    /** To all, every few seconds: this node has a realm. */
    record Here() implements RealmMessage {}

    /** To all: it ends. */
    record Away() implements RealmMessage {}

    /** To all: somebody wants this id here. */
    record Claim(long number, String id, String owner) implements RealmMessage {}

    /**
     * To the one that claims.
     *
     * @param isTaken it is somebody else's here
     * @param isWaitedFor somebody here has something to say to it
     */
    record Answer(long number, String id, boolean isTaken, boolean isWaitedFor)
            implements RealmMessage {}

    /** To all: who has this id? */
    record Seek(String id) implements RealmMessage {}

    /** To the one that seeks: it is here. */
    record Found(String id) implements RealmMessage {}

    /** To where the peer is. */
    record Pass(Signal signal) implements RealmMessage {}

    /** To where it came from: the peer isn't here any more. */
    record Missed(Signal signal) implements RealmMessage {}

    /** To all: whom have you got? */
    record Census(long number) implements RealmMessage {}

    /** To the one that asks. */
    record Counted(long number, List<String> ids) implements RealmMessage {}
}
