package dev.cardea.messaging.session;

import dev.cardea.messaging.hub.ChannelOptions;

/** Which channel names a namespace accepts. */
final class ChannelNames {
    private ChannelNames() {}

    static boolean isValid(String channel, ChannelOptions options) {
        return options.acceptsName().test(channel.substring(channel.indexOf(':') + 1));
    }
}
