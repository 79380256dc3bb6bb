package dev.cardea.messaging.session;

/**
 * What holds for every client's connection; names are those of the configuration keys under {@code
 * client}. Sizes in bytes, times in nanoseconds.
 *
 * @param insecure every client may do everything that its namespace's options make possible
 * @param queueMaxSizeBytes of replies and pushes that wait for the peer
 * @param writeTimeoutNanos without progress, for a connection whose subscriptions all have {@code
 *     slow_consumer: disconnect}
 * @param slowConsumerTimeoutNanos the same for all other connections
 * @param maxCommandBytes of one command
 * @param highWaterBytes of publications in one batch: what is pending is at most this and one frame
 */
public record ClientOptions(
        boolean insecure,
        long pingIntervalNanos,
        long pongTimeoutNanos,
        long staleCloseDelayNanos,
        long expiredCloseDelayNanos,
        long expiredSubCloseDelayNanos,
        int channelLimit,
        int channelMaxLength,
        int queueMaxSizeBytes,
        long presenceUpdateIntervalNanos,
        long channelPositionCheckDelayNanos,
        int historyMaxPublicationLimit,
        int recoveryMaxPublicationLimit,
        int userConnectionLimit,
        boolean includeServerTime,
        long writeTimeoutNanos,
        long slowConsumerTimeoutNanos,
        int maxCommandBytes,
        int highWaterBytes,
        PersonalChannel personalChannel) {

    /**
     * The channel {@code #USER} that the server subscribes every connection of a user to ({@code
     * subscribe_to_user_personal_channel}).
     *
     * @param prefix of the channel's name, before the user's: {@code #}, or with a namespace
     * @param singleConnection a user's new connection ends the others, with code 3504
     */
    public record PersonalChannel(boolean enabled, String prefix, boolean singleConnection) {
        public static final PersonalChannel NONE = new PersonalChannel(false, "", false);

        String of(String user) {
            return prefix + user;
        }
    }
}
