package dev.cardea.server.proxy;

import dev.cardea.messaging.auth.Peer;
import dev.cardea.messaging.hook.Caller;
import dev.cardea.server.config.ProxyConfig;
import dev.cardea.wire.ByteWriter;
import dev.cardea.wire.Bytes;
import dev.cardea.wire.centrifuge.Command;
import dev.cardea.wire.centrifuge.SubscribeRequest;
import dev.cardea.wire.json.JsonReader;
import dev.cardea.wire.json.JsonWriter;
import java.util.Base64;
import java.util.Collection;

/** The JSON that a backend is asked with, in Centrifugo's words. */
final class ProxyRequest {
    private final ProxyConfig config;
    private final ByteWriter out = new ByteWriter(512);

    private ProxyRequest(ProxyConfig config, String client, Peer peer) {
        this.config = config;
        out.put('{');
        text("client", client);
        text("transport", peer.transport());
        text("protocol", peer.protocol());
        text("encoding", config.binaryEncoding() ? "binary" : "json");
    }

    static Bytes connect(ProxyConfig config, String client, Peer peer, Command.Connect command) {
        ProxyRequest request = new ProxyRequest(config, client, peer);
        request.data(command.data());
        if (!command.name().isEmpty()) request.text("name", command.name());
        if (!command.version().isEmpty()) request.text("version", command.version());
        if (!command.subs().isEmpty()) request.texts("channels", command.subs().keySet());
        return request.end();
    }

    static Bytes refresh(ProxyConfig config, Caller caller) {
        return of(config, caller).meta(caller).end();
    }

    static Bytes subscribe(ProxyConfig config, Caller caller, SubscribeRequest asked) {
        ProxyRequest request = of(config, caller);
        request.text("channel", asked.channel());
        request.meta(caller);
        request.data(asked.data());
        return request.end();
    }

    static Bytes publish(ProxyConfig config, Caller caller, String channel, Bytes data) {
        ProxyRequest request = of(config, caller);
        request.text("channel", channel);
        request.data(data);
        return request.meta(caller).end();
    }

    static Bytes rpc(ProxyConfig config, Caller caller, String method, Bytes data) {
        ProxyRequest request = of(config, caller);
        request.text("method", method);
        request.data(data);
        return request.meta(caller).end();
    }

    static Bytes subRefresh(ProxyConfig config, Caller caller, String channel) {
        ProxyRequest request = of(config, caller);
        request.text("channel", channel);
        return request.meta(caller).end();
    }

    static Bytes disconnect(ProxyConfig config, Caller caller, int code, String reason) {
        ProxyRequest request = of(config, caller);
        JsonWriter.name(request.out, "code");
        request.out.putDecimal(code);
        request.text("reason", reason);
        return request.meta(caller).end();
    }

    static Bytes turn(String user, String realm) {
        ByteWriter out = new ByteWriter(128).put('{');
        JsonWriter.name(out, "user");
        JsonWriter.string(out, user);
        JsonWriter.name(out, "realm");
        JsonWriter.string(out, realm);
        return out.put('}').toBytes();
    }

    /** Whether the data can be sent: without binary_encoding it has to be JSON. */
    static boolean takes(ProxyConfig config, Bytes data) {
        if (config.binaryEncoding() || data.isEmpty()) return true;
        byte[] array = data.toArray();
        return JsonReader.isValid(array, 0, array.length);
    }

    private static ProxyRequest of(ProxyConfig config, Caller caller) {
        ProxyRequest request = new ProxyRequest(config, caller.client(), caller.peer());
        request.text("user", caller.user());
        return request;
    }

    private ProxyRequest meta(Caller caller) {
        if (config.includeConnectionMeta() && !caller.meta().isEmpty()) raw("meta", caller.meta());
        return this;
    }

    private void data(Bytes data) {
        if (data.isEmpty()) return;
        if (config.binaryEncoding()) {
            text("b64data", Base64.getEncoder().encodeToString(data.toArray()));
        } else {
            raw("data", data);
        }
    }

    private void text(String name, String value) {
        JsonWriter.name(out, name);
        JsonWriter.string(out, value);
    }

    private void texts(String name, Collection<String> values) {
        JsonWriter.name(out, name);
        out.put('[');
        for (String value : values) {
            JsonWriter.comma(out);
            JsonWriter.string(out, value);
        }
        out.put(']');
    }

    private void raw(String name, Bytes json) {
        JsonWriter.name(out, name);
        JsonWriter.raw(out, json);
    }

    private Bytes end() {
        return out.put('}').toBytes();
    }
}
