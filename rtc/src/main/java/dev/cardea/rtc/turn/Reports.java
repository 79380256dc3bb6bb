package dev.cardea.rtc.turn;

import dev.cardea.wire.stun.StunError;

/** Is told what happens, for whoever asks why a call has failed. Called on the loop. */
public interface Reports {
    /**
     * A request was refused.
     *
     * @param user empty: it named none
     * @param isExpected part of what every client does, such as the first 401
     */
    void refused(
            Client client,
            String user,
            int method,
            StunError error,
            String why,
            boolean isExpected,
            long nowNanos);

    /** A request was answered with success. */
    void granted(Client client, String user, int method, String what, long nowNanos);

    void ended(Allocation allocation, String why, long nowNanos);
}
