package dev.cardea.messaging.session;

/** Where a connection stands; commands mean nothing before it is {@link Open}. */
sealed interface State {
    /** Nothing but a connect command may come, before long. */
    record Fresh(long deadlineNanos) implements State {}

    /** The connect command was answered with an error: whatever follows is one more. */
    record Refused(long deadlineNanos) implements State {}

    record Open(Subscriptions subscriptions) implements State {}

    /** What is on its way is still written, then the connection ends. */
    record Closing(Disconnect why, Subscriptions subscriptions, long deadlineNanos)
            implements State {}

    record Closed() implements State {}
}
