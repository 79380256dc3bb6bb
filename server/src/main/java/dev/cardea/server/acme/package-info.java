/**
 * Certificates that are asked for by ACME (RFC 8555): the authority's questions are answered on a
 * port of their own (HTTP-01), what it issues is kept in a folder, and renewed. Not a class of it
 * is loaded unless {@code http_server.tls_autocert} is on.
 */
@NullMarked
package dev.cardea.server.acme;

import org.jspecify.annotations.NullMarked;
