package dev.cardea.messaging.session;

import dev.cardea.messaging.hub.ChannelOptions;

/** Which channel names a namespace accepts. */
final class ChannelNames {
    private ChannelNames() {}

    /** The namespace's {@code channel_regex} decides; without one a name is printable ASCII. */
    static boolean isValid(String channel, ChannelOptions options) {
        if (options.channelRegex() != null) return options.channelRegex().matcher(channel).find();
        for (int i = 0; i < channel.length(); i++) {
            char c = channel.charAt(i);
            if (c < 0x20 || c > 0x7e) return false;
        }
        return true;
    }
}
