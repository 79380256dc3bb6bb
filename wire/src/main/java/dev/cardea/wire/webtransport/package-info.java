/**
 * What WebTransport over HTTP/3 says beside its streams' payload (draft-ietf-webtrans-http3, RFC
 * 9297, RFC 9000 section 16).
 */
@NullMarked
package dev.cardea.wire.webtransport;

import org.jspecify.annotations.NullMarked;
