package dev.cardea.server.mercure;

import dev.cardea.server.net.AllowedOrigins;
import dev.cardea.server.net.RequestHead;
import dev.cardea.wire.Malformed;
import dev.cardea.wire.mercure.FormPairs;
import dev.cardea.wire.mercure.Generation;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The token that a request brings: in the header, else in the query (version 0.x), else in a
 * cookie. One that is there and broken isn't passed over for the next.
 */
sealed interface Credential {
    record Missing() implements Credential {}

    /**
     * @param inQuery where it may be of version 0.x alone
     */
    record Token(String text, boolean inQuery) implements Credential {}

    /**
     * @param why for whoever has written the client
     */
    record Broken(String why) implements Credential {}

    String COOKIE_OF_VERSION_1 = "__Secure-mercure_access_token";

    /** Takes tokens out of requests. */
    final class Reader {
        private final String cookieName;
        private final AllowedOrigins publishOrigins;

        Reader(String cookieName, List<String> publishOrigins) {
            this.cookieName = cookieName;
            this.publishOrigins = new AllowedOrigins(publishOrigins);
        }

        /**
         * @param generation version 1.0 takes no token in the query: those end up in logs
         */
        Credential read(RequestHead head, Generation generation) {
            List<String> headers = head.headers("Authorization");
            if (!headers.isEmpty()) return ofHeader(headers);
            if (generation == Generation.ZERO) {
                List<String> inQuery;
                try {
                    inQuery = inQuery(head);
                } catch (Malformed e) {
                    return new Broken("a broken query"); // whatever was meant to be there
                }
                if (inQuery.size() > 1) return new Broken("several authorization parameters");
                if (inQuery.size() == 1) return new Token(inQuery.getFirst(), true);
            }
            String cookie = cookie(head);
            if (cookie == null) return new Missing();
            // A browser sends the cookie whoever has made the page that posts.
            if (head.method().equals("POST") && !isAllowedToPost(head))
                return new Broken("the page's origin may not publish with a cookie");
            return new Token(cookie, false);
        }

        private static Credential ofHeader(List<String> headers) {
            String header = headers.getFirst();
            boolean isBearer = header.regionMatches(true, 0, "Bearer ", 0, 7);
            if (headers.size() > 1 || !isBearer) return new Broken("no Bearer in Authorization");
            String token = header.substring(7).strip();
            return token.isEmpty() ? new Broken("no token behind Bearer") : new Token(token, false);
        }

        private static List<String> inQuery(RequestHead head) {
            return FormPairs.values(FormPairs.read(head.rawQuery(), 2000), "authorization");
        }

        private @Nullable String cookie(RequestHead head) {
            String second = null;
            for (String line : head.headers("Cookie")) {
                for (String pair : line.split(";", -1)) {
                    int equals = pair.indexOf('=');
                    if (equals < 0) continue;
                    String name = pair.substring(0, equals).strip();
                    String value = pair.substring(equals + 1).strip();
                    if (name.equals(cookieName)) return value;
                    if (name.equals(COOKIE_OF_VERSION_1)) second = value;
                }
            }
            return second;
        }

        private boolean isAllowedToPost(RequestHead head) {
            String origin = head.origin();
            if (origin == null) origin = originOf(head.header("Referer"));
            return origin != null && publishOrigins.allows(origin, head);
        }

        private static @Nullable String originOf(@Nullable String referer) {
            if (referer == null) return null;
            try {
                URI uri = URI.create(referer);
                if (uri.getScheme() == null || uri.getRawAuthority() == null) return null;
                return uri.getScheme() + "://" + uri.getRawAuthority();
            } catch (IllegalArgumentException _) {
                return null;
            }
        }
    }
}
