package dev.cardea.server.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cardea.messaging.hub.Loop;
import dev.cardea.messaging.hub.Shard;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

class BacklogTest {
    private static final Duration AT_ONCE = Duration.ofMillis(1);

    @Test
    void aLoopThatIsBusyIsLeftOut() {
        Shard idle = shard(Runnable::run);
        Shard busy = shard(_ -> {});
        assertThat(gather(List.of(idle, busy)).lateLoops()).isEqualTo(1);
        assertThat(gather(List.of(idle, idle)).lateLoops()).isZero();
    }

    @Test
    void aLoopThatHasEndedIsLeftOut() {
        Shard ended =
                shard(_ -> {
                    throw new RejectedExecutionException();
                });
        assertThat(gather(List.of(ended)).lateLoops()).isEqualTo(1);
    }

    @Test
    void withoutLoopsThereIsNoBacklog() {
        assertThat(gather(List.of())).isEqualTo(Backlog.NONE);
    }

    private static Backlog gather(List<Shard> shards) {
        return Backlog.gather(shards, AT_ONCE).toCompletableFuture().join();
    }

    private static Shard shard(Executor executor) {
        return new Shard(0, new OnlyExecutes(executor), 0);
    }

    private record OnlyExecutes(Executor executor) implements Loop {
        @Override
        public void execute(Runnable task) {
            executor.execute(task);
        }

        @Override
        public boolean isCurrent() {
            return true;
        }

        @Override
        public void wake() {}

        @Override
        public long nowNanos() {
            return 0;
        }
    }
}
