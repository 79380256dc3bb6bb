package dev.cardea.messaging.session;

/**
 * What stands for what in a channel's name: {@code $chat:room#alice,bob} is private, of the
 * namespace {@code chat}, and for two users. An empty text switches its meaning off.
 *
 * @param privatePrefix a channel that begins with it needs a token of its own
 * @param namespaceBoundary ends the namespace
 * @param userBoundary begins the users, behind its last occurrence
 * @param userSeparator stands between users
 */
public record NameRules(
        String privatePrefix, String namespaceBoundary, String userBoundary, String userSeparator) {
    public static final NameRules DEFAULT = new NameRules("$", ":", "#", ",");

    boolean isPrivate(String channel) {
        return !privatePrefix.isEmpty() && channel.startsWith(privatePrefix);
    }

    /** Empty if the name has none. */
    String namespaceOf(String channel) {
        int boundary = boundary(channel);
        return boundary < 0 ? "" : channel.substring(namespaceFrom(channel), boundary);
    }

    /** What stands behind the namespace; all of the name if it has none. */
    String restOf(String channel) {
        int boundary = boundary(channel);
        return boundary < 0 ? channel : channel.substring(boundary + namespaceBoundary.length());
    }

    private int boundary(String channel) {
        if (namespaceBoundary.isEmpty()) return -1;
        return channel.indexOf(namespaceBoundary, namespaceFrom(channel));
    }

    private int namespaceFrom(String channel) {
        return isPrivate(channel) ? privatePrefix.length() : 0;
    }

    boolean namesUsers(String channel) {
        return !userBoundary.isEmpty() && channel.contains(userBoundary);
    }

    /** Whether the user is one of those that the channel's name has. */
    boolean isFor(String user, String channel) {
        if (user.isEmpty() || !namesUsers(channel)) return false;
        int at = channel.lastIndexOf(userBoundary) + userBoundary.length();
        if (userSeparator.isEmpty()) return channel.substring(at).equals(user);
        while (true) {
            int end = channel.indexOf(userSeparator, at);
            int length = (end < 0 ? channel.length() : end) - at;
            if (length == user.length() && channel.startsWith(user, at)) return true;
            if (end < 0) return false;
            at = end + userSeparator.length();
        }
    }
}
