package dev.cardea.messaging.hub;

import dev.cardea.messaging.filter.TagsFilter;
import dev.cardea.messaging.log.Choice;
import dev.cardea.messaging.log.Judge;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The tags filters of one loop's subscribers to a channel; equal ones are one. */
final class Judges {
    private @Nullable Map<TagsFilter, Judge> judges; // made for the first filter

    Judge join(TagsFilter filter) {
        if (judges == null) judges = new HashMap<>();
        Judge judge = judges.computeIfAbsent(filter, Judge::new);
        judge.join();
        return judge;
    }

    void leave(@Nullable Choice choice) {
        Judge judge = choice == null ? null : choice.judge();
        if (judge == null || judges == null) return;
        if (judge.leave()) judges.remove(judge.filter());
    }
}
