package dev.cardea.rtc.turn;

import java.util.function.LongConsumer;

/** Users whose passwords are kept elsewhere, where asking takes a while. Called on the loop. */
public interface UserDirectory {
    /** What is known of a user now. */
    sealed interface Entry {}

    record Known(String password) implements Entry {}

    record Nobody() implements Entry {}

    /** It was asked, and gave no answer. */
    record Unreachable() implements Entry {}

    record NotAsked() implements Entry {}

    /** One without users. */
    UserDirectory NONE =
            new UserDirectory() {
                @Override
                public Entry find(String name) {
                    return new Nobody();
                }

                @Override
                public void ask(String name, LongConsumer then) {
                    throw new IllegalStateException("everything is known");
                }
            };

    Entry find(String name);

    /**
     * Asks for a user that is {@link NotAsked}.
     *
     * @param then given the time in nanoseconds when it is anything else: later, on the loop, and
     *     in any case
     */
    void ask(String name, LongConsumer then);
}
