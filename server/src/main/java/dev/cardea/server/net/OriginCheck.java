package dev.cardea.server.net;

/** Which web pages may use the server (RFC 6454). */
@FunctionalInterface
public interface OriginCheck {
    OriginCheck ANY = (origin, head) -> true;

    /**
     * @param origin the value of the Origin header, in which {@code null} is an origin too.
     *     Requests without that header come from no web page and aren't asked about
     * @param head for a look at the Host header
     */
    boolean allows(String origin, RequestHead head);
}
