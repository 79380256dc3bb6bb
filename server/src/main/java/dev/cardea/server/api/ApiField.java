package dev.cardea.server.api;

/**
 * One field of a request or a result.
 *
 * @param means what it is, in a few words
 */
record ApiField(String name, ApiType type, String means) {}
