package dev.cardea.server.turn;

/** A socket with something written that isn't flushed. */
interface Flushable {
    void flushNow();
}
