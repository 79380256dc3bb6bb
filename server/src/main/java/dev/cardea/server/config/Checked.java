package dev.cardea.server.config;

/** A group with rules that no single key can state. */
interface Checked {
    /** Reports each broken rule; called once, when each key by itself was found good. */
    void check(Problems.Group problems);
}
