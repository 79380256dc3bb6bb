package dev.cardea.messaging.api;

import dev.cardea.messaging.api.ApiRequest.Message;
import dev.cardea.messaging.broker.Broker.PublishOptions;
import dev.cardea.messaging.hub.ChannelOptions.PublicationDataFormat;
import dev.cardea.messaging.session.PublicationData;
import dev.cardea.wire.centrifuge.Publication;
import java.util.EnumMap;
import java.util.Map;

/**
 * A message on its way into one channel or many. Judged once for each format, however many channels
 * ask for it. Not thread safe.
 */
final class Payload {
    final Publication publication;
    final PublishOptions how;
    private final Map<PublicationDataFormat, Boolean> accepted =
            new EnumMap<>(PublicationDataFormat.class);

    Payload(Message message) {
        publication =
                new Publication(
                        message.data(), null, 0, message.tags(), false, 0, "", "", false, 0, "", 0);
        how =
                new PublishOptions(
                        message.idempotencyKey(),
                        message.skipHistory(),
                        message.delta(),
                        message.version(),
                        message.versionEpoch());
    }

    boolean isAccepted(PublicationDataFormat format) {
        return accepted.computeIfAbsent(
                format, asked -> PublicationData.isAccepted(publication.data(), asked));
    }
}
