package dev.cardea.server;

import dev.cardea.messaging.session.Node;
import dev.cardea.messaging.session.OtherNodes;
import dev.cardea.server.config.Config;
import dev.cardea.server.config.UniWebSocketConfig;
import dev.cardea.server.net.ConnectionLimits;
import dev.cardea.server.net.EmulatedSessions;
import dev.cardea.server.net.EmulationEndpoint;
import dev.cardea.server.net.HttpRoutes;
import dev.cardea.server.net.KeptHeaders;
import dev.cardea.server.net.NettyLoops;
import dev.cardea.server.net.PushSocketDoor;
import dev.cardea.server.net.StreamDoor;

/** The configured doors beside the WebSocket that most clients come through. */
final class StreamDoors {
    private StreamDoors() {}

    static void add(
            HttpRoutes.Builder routes,
            Config config,
            Node node,
            NettyLoops loops,
            ConnectionLimits limits,
            KeptHeaders headersForHooks,
            EmulatedSessions emulated,
            OtherNodes others) {
        StreamDoor door = new StreamDoor(loops, node, limits, emulated, headersForHooks);
        if (config.httpStream().enabled())
            door.httpStream(
                    routes,
                    config.httpStream().handlerPrefix(),
                    config.httpStream().maxRequestBodySize());
        if (config.sse().enabled())
            door.events(routes, config.sse().handlerPrefix(), config.sse().maxRequestBodySize());
        if (config.httpStream().enabled() || config.sse().enabled())
            routes.stream(
                    "POST",
                    config.emulation().handlerPrefix(),
                    new EmulationEndpoint(node.id(), emulated, others),
                    config.emulation().maxRequestBodySize());
        if (config.uniSse().enabled())
            door.pushEvents(
                    routes, config.uniSse().handlerPrefix(), config.uniSse().maxRequestBodySize());
        UniWebSocketConfig uniWebSocket = config.uniWebsocket();
        if (uniWebSocket.enabled())
            routes.upgrade(
                    uniWebSocket.handlerPrefix(),
                    new PushSocketDoor(
                            loops,
                            node,
                            new PushSocketDoor.Options(
                                    uniWebSocket.messageSizeLimit(),
                                    uniWebSocket.joinPushMessages(),
                                    !uniWebSocket.disableDisconnectPush()),
                            limits,
                            headersForHooks));
        if (config.uniHttpStream().enabled())
            door.pushLines(
                    routes,
                    config.uniHttpStream().handlerPrefix(),
                    config.uniHttpStream().maxRequestBodySize());
    }
}
