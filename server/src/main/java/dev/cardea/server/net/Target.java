package dev.cardea.server.net;

/** What serves the requests of a route: with a whole response, or with one that goes on. */
public sealed interface Target permits Endpoint, StreamEndpoint {}
