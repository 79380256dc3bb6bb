package dev.cardea.messaging.presence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cardea.wire.Bytes;
import dev.cardea.wire.centrifuge.ClientInfo;
import org.junit.jupiter.api.Test;

class PresenceTableTest {
    private static final ClientInfo ANNA = new ClientInfo("anna", "1", Bytes.EMPTY, Bytes.EMPTY);
    private static final ClientInfo BERT = new ClientInfo("bert", "2", Bytes.EMPTY, Bytes.EMPTY);

    private final PresenceTable table = new PresenceTable(60);

    @Test
    void aMemberIsThereUntilItIsRemoved() {
        table.add("news", ANNA, 0);
        table.add("news", BERT, 0);
        table.add("other", BERT, 0);
        table.remove("news", "1");
        table.remove("news", "unheard");
        table.remove("unheard", "1");

        assertThat(table.members("news", 1)).containsOnlyKeys("2").containsValue(BERT);
        assertThat(table.members("other", 1)).hasSize(1);
        assertThat(table.members("unheard", 1)).isEmpty();
    }

    @Test
    void aMemberThatIsNotRenewedIsGone() {
        table.add("news", ANNA, 0);
        table.add("news", BERT, 0);
        table.add("news", ANNA, 30);

        assertThat(table.members("news", 59)).hasSize(2);
        assertThat(table.members("news", 60)).containsOnlyKeys("1");
        assertThat(table.members("news", 90)).isEmpty();
    }
}
