package dev.cardea.messaging.peerjs;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class KnownRealmsTest {
    private final KnownRealms known = new KnownRealms();

    @Test
    void soManyPlacesAreRememberedAndTheOldestIsForgotten() {
        for (int i = 0; i <= 10_000; i++) known.found("id" + i, "b");
        assertThat(known.nodeOf("id0")).isNull();
        assertThat(known.nodeOf("id1")).isEqualTo("b");
        assertThat(known.nodeOf("id10000")).isEqualTo("b");
    }

    @Test
    void nobodyIsAtANodeThatIsGone() {
        known.found("ann", "b");
        known.found("bob", "c");
        known.forget("b");
        assertThat(known.nodeOf("ann")).isNull();
        assertThat(known.nodeOf("bob")).isEqualTo("c");
    }

    @Test
    void whoIsNoLongerWhereItWasMayBeElsewhere() {
        known.found("ann", "c");
        known.lost("ann", "b");
        assertThat(known.nodeOf("ann")).isEqualTo("c");
        known.lost("ann", "c");
        assertThat(known.nodeOf("ann")).isNull();
    }
}
