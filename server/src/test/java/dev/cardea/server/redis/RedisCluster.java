package dev.cardea.server.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Three masters with a third of the slots each, and as many replicas of them as are wished. */
final class RedisCluster implements AutoCloseable {
    private static final int MASTERS = 3;
    private static final int SLOTS = 16_384;
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final List<RedisServer> members = new ArrayList<>();

    /** Starts them; a machine without Redis skips the test. */
    static RedisCluster start(boolean hasReplicas) throws IOException {
        RedisCluster cluster = new RedisCluster();
        try {
            for (int i = 0; i < (hasReplicas ? 2 : 1) * MASTERS; i++)
                cluster.members.add(
                        RedisServer.start(
                                "--cluster-enabled", "yes",
                                "--cluster-node-timeout", "1000",
                                "--repl-diskless-sync-delay", "0"));
            cluster.join();
            return cluster;
        } catch (IOException | RuntimeException | AssertionError e) {
            cluster.close();
            throw e;
        }
    }

    private void join() throws IOException {
        RedisServer first = members.getFirst();
        for (int i = 0; i < members.size(); i++) {
            members.get(i).ask("CLUSTER SET-CONFIG-EPOCH " + (i + 1));
            members.get(i).ask("CLUSTER MEET 127.0.0.1 " + first.port());
        }
        for (int i = 0; i < MASTERS; i++)
            members.get(i)
                    .ask(
                            "CLUSTER ADDSLOTSRANGE %d %d"
                                    .formatted(i * SLOTS / MASTERS, (i + 1) * SLOTS / MASTERS - 1));
        for (RedisServer member : members)
            await(member, "CLUSTER INFO", "cluster_known_nodes:" + members.size());
        for (int i = MASTERS; i < members.size(); i++) {
            String id = members.get(i - MASTERS).ask("CLUSTER MYID").split("\r\n", -1)[1];
            members.get(i).ask("CLUSTER REPLICATE " + id);
        }
        for (RedisServer member : members) await(member, "CLUSTER INFO", "cluster_state:ok");
        for (int i = MASTERS; i < members.size(); i++)
            await(members.get(i), "INFO replication", "master_link_status:up");
    }

    static void await(RedisServer server, String command, String part) throws IOException {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        String answer = server.ask(command);
        while (!answer.contains(part)) {
            assertThat(System.nanoTime()).as(answer).isLessThan(deadline);
            Thread.onSpinWait();
            answer = server.ask(command);
        }
    }

    /** The master that has a third of the slots: 0, 1 or 2. */
    RedisServer master(int third) {
        return members.get(third);
    }

    RedisServer replica(int third) {
        return members.get(third + MASTERS);
    }

    /** The command's answer by each member that is there. */
    List<String> askAll(String command) throws IOException {
        List<String> answers = new ArrayList<>();
        for (RedisServer member : members) if (member.runs()) answers.add(member.ask(command));
        return answers;
    }

    /** For {@code engine.redis}. */
    String addresses() {
        return "cluster_address: ['127.0.0.1:%d', '127.0.0.1:%d']"
                .formatted(members.get(0).port(), members.get(1).port());
    }

    @Override
    public void close() {
        members.forEach(RedisServer::close);
    }
}
