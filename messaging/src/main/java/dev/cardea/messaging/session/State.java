package dev.cardea.messaging.session;

import java.util.List;

/** Where a connection stands; commands mean nothing before it is {@link Open}. */
sealed interface State {
    /** None before the connection is let in and after it is closed. */
    default Subscriptions subscriptions() {
        return Subscriptions.NONE;
    }

    /** Nothing but a connect command may come, before long. */
    record Fresh(long deadlineNanos) implements State {}

    /**
     * Let in; the subscriptions that it begins with are being made, then the connect command is
     * answered.
     *
     * @param onceOpen what the server wants of it meanwhile
     */
    record Entering(Subscriptions subscriptions, long deadlineNanos, List<Runnable> onceOpen)
            implements State {}

    /** The connect command was answered with an error: whatever follows is one more. */
    record Refused(long deadlineNanos) implements State {}

    record Open(Subscriptions subscriptions) implements State {}

    /** What is on its way is still written, then the connection ends. */
    record Closing(Disconnect why, Subscriptions subscriptions, long deadlineNanos)
            implements State {}

    record Closed() implements State {}
}
