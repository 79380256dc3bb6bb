package dev.cardea.server.nats;

import dev.cardea.wire.centrifuge.ClientInfo;
import dev.cardea.wire.centrifuge.KeptCodec;
import io.nats.client.api.PublishAck;
import io.nats.client.impl.Headers;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Who is in channels: a bucket with a key for each client in each channel, whose entries NATS drops
 * unless they are written again. Thread safe.
 */
final class PresenceBucket {
    private final Link link;
    private final Blocking blocking;
    private final Subjects subjects;
    private final KeptStream stream;

    PresenceBucket(Link link, Blocking blocking, Subjects subjects, KeptStream stream) {
        this.link = link;
        this.blocking = blocking;
        this.subjects = subjects;
        this.stream = stream;
    }

    CompletionStage<?> add(String channel, ClientInfo member) {
        return write(subjects.presence(channel, member.client()), null, KeptCodec.write(member));
    }

    CompletionStage<?> remove(String channel, String client) {
        Headers deleted = new Headers().put("KV-Operation", "DEL"); // as a bucket has it
        return write(subjects.presence(channel, client), deleted, new byte[0]);
    }

    private CompletionStage<?> write(
            String key, @org.jspecify.annotations.Nullable Headers headers, byte[] value) {
        CompletableFuture<PublishAck> written = new CompletableFuture<>();
        stream.whenThere((known, unknown) -> {
            if (known == null) {
                written.completeExceptionally(unknown == null ? new Unreachable("") : unknown);
                return;
            }
            var _ =
                    link.ask(key, headers, value)
                            .whenComplete((answer, failure) -> {
                                if (failure != null) {
                                    stream.forget(); // it may be gone
                                    written.completeExceptionally(failure);
                                    return;
                                }
                                try {
                                    written.complete(new PublishAck(answer));
                                } catch (Exception e) {
                                    written.completeExceptionally(e);
                                }
                            });
        });
        return written;
    }

    CompletionStage<Map<String, ClientInfo>> members(String channel) {
        return blocking.ask(() -> {
            var _ = stream.look();
            Map<String, ClientInfo> members = new HashMap<>();
            new Scan(link)
                    .read(
                            stream.name(),
                            subjects.presence(channel),
                            1,
                            Integer.MAX_VALUE,
                            (_, _, _, message) -> {
                                byte[] info = message.getData();
                                if (info.length == 0) return true; // has left
                                ClientInfo member = KeptCodec.info(info, 0, info.length);
                                members.put(member.client(), member);
                                return true;
                            });
            return members;
        });
    }
}
