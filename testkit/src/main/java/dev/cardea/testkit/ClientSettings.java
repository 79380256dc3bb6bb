package dev.cardea.testkit;

import dev.cardea.messaging.session.ClientOptions;
import dev.cardea.messaging.session.ClientOptions.PersonalChannel;
import java.time.Duration;

/** Options of connections for a test; at first as a server's defaults are. */
public final class ClientSettings {
    private boolean insecure;
    private Duration pingInterval = Duration.ofSeconds(25);
    private int channelLimit = 128;
    private int queueMaxSize = 1024 * 1024;
    private int userConnectionLimit;
    private int historyLimit = 300;
    private int recoveryLimit = 300;
    private boolean includeServerTime;
    private int highWater = 64 * 1024;
    private PersonalChannel personalChannel = PersonalChannel.NONE;
    private Duration positionCheckDelay = Duration.ofSeconds(40);

    public ClientSettings insecure() {
        insecure = true;
        return this;
    }

    /** Zero: no pings. */
    public ClientSettings pingInterval(Duration interval) {
        pingInterval = interval;
        return this;
    }

    public ClientSettings channelLimit(int limit) {
        channelLimit = limit;
        return this;
    }

    public ClientSettings queueMaxSize(int bytes) {
        queueMaxSize = bytes;
        return this;
    }

    public ClientSettings userConnectionLimit(int limit) {
        userConnectionLimit = limit;
        return this;
    }

    public ClientSettings historyLimit(int publications) {
        historyLimit = publications;
        return this;
    }

    public ClientSettings recoveryLimit(int publications) {
        recoveryLimit = publications;
        return this;
    }

    public ClientSettings includeServerTime() {
        includeServerTime = true;
        return this;
    }

    public ClientSettings highWater(int bytes) {
        highWater = bytes;
        return this;
    }

    /** Zero: positions aren't checked. */
    public ClientSettings positionCheckDelay(Duration delay) {
        positionCheckDelay = delay;
        return this;
    }

    public ClientSettings personalChannel(PersonalChannel channel) {
        personalChannel = channel;
        return this;
    }

    public ClientOptions build() {
        return new ClientOptions(
                insecure,
                pingInterval.toNanos(),
                Duration.ofSeconds(8).toNanos(),
                Duration.ofSeconds(10).toNanos(),
                Duration.ofSeconds(25).toNanos(),
                Duration.ofSeconds(25).toNanos(),
                channelLimit,
                255,
                queueMaxSize,
                Duration.ofSeconds(27).toNanos(),
                positionCheckDelay.toNanos(),
                historyLimit,
                recoveryLimit,
                userConnectionLimit,
                includeServerTime,
                Duration.ofSeconds(1).toNanos(),
                Duration.ofSeconds(30).toNanos(),
                64 * 1024,
                highWater,
                personalChannel);
    }
}
