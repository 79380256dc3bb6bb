package dev.cardea.testkit;

import dev.cardea.messaging.auth.Authenticator.SubscriptionGrant;
import dev.cardea.messaging.auth.Fault;
import dev.cardea.messaging.hook.Answer;
import dev.cardea.messaging.hook.Caller;
import dev.cardea.messaging.hook.Hooks;
import dev.cardea.messaging.hub.ChannelOptions;
import dev.cardea.wire.Bytes;
import dev.cardea.wire.centrifuge.SubscribeRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * An application's backend that answers what the test has told it to, some time later, and
 * remembers what it was asked. Where it was told nothing there is no hook.
 */
public final class ScriptedHooks implements Hooks {
    private final Simulation simulation;
    private final Duration delay;
    private final List<String> asked = new ArrayList<>();
    private final Map<String, Function<Bytes, Answer<Bytes>>> methods = new HashMap<>();
    private @Nullable Function<Bytes, Answer<Bytes>> send;
    private @Nullable Function<Caller, Answer<Renewal>> refresh;
    private @Nullable Function<SubscribeRequest, Answer<SubscriptionGrant>> subscribe;
    private @Nullable BiFunction<String, Bytes, Answer<Publishing>> publish;
    private @Nullable Function<String, Answer<Renewal>> subRefresh;

    /**
     * @param delay of every answer; zero: at once
     */
    public ScriptedHooks(Simulation simulation, Duration delay) {
        this.simulation = simulation;
        this.delay = delay;
    }

    public static <T> Answer<T> given(T what) {
        return new Answer.Given<>(what);
    }

    public static <T> Answer<T> error(int code, String message) {
        return new Answer.Failed<>(new Fault.Error(code, message, false));
    }

    public static <T> Answer<T> end(int code, String reason) {
        return new Answer.Failed<>(new Fault.End(code, reason));
    }

    public ScriptedHooks onRpc(String method, Function<Bytes, Answer<Bytes>> answer) {
        methods.put(method, answer);
        return this;
    }

    public ScriptedHooks onSend(Function<Bytes, Answer<Bytes>> answer) {
        send = answer;
        return this;
    }

    public ScriptedHooks onRefresh(Function<Caller, Answer<Renewal>> answer) {
        refresh = answer;
        return this;
    }

    public ScriptedHooks onSubscribe(Function<SubscribeRequest, Answer<SubscriptionGrant>> answer) {
        subscribe = answer;
        return this;
    }

    public ScriptedHooks onPublish(BiFunction<String, Bytes, Answer<Publishing>> answer) {
        publish = answer;
        return this;
    }

    public ScriptedHooks onSubRefresh(Function<String, Answer<Renewal>> answer) {
        subRefresh = answer;
        return this;
    }

    /** What it was asked, and told, in order. */
    public List<String> asked() {
        return asked;
    }

    @Override
    public @Nullable Rpc rpc(String method) {
        Function<Bytes, Answer<Bytes>> answer = methods.get(method);
        return answer == null
                ? null
                : (caller, name, data) ->
                        say("rpc " + name + " of " + caller.user(), () -> answer.apply(data));
    }

    @Override
    public @Nullable Send send() {
        Function<Bytes, Answer<Bytes>> answer = send;
        return answer == null
                ? null
                : (caller, data) ->
                        say(
                                "send of " + caller.user() + " " + data.toUtf8(),
                                () -> answer.apply(data));
    }

    @Override
    public @Nullable Refresh refresh() {
        Function<Caller, Answer<Renewal>> answer = refresh;
        return answer == null
                ? null
                : caller -> say("refresh of " + caller.user(), () -> answer.apply(caller));
    }

    @Override
    public @Nullable Subscribe subscribe(String channel, ChannelOptions options) {
        Function<SubscribeRequest, Answer<SubscriptionGrant>> answer = subscribe;
        return answer == null
                ? null
                : (caller, request) ->
                        say(
                                "subscribe of " + caller.user() + " " + channel,
                                () -> answer.apply(request));
    }

    @Override
    public @Nullable Publish publish(String channel, ChannelOptions options) {
        BiFunction<String, Bytes, Answer<Publishing>> answer = publish;
        return answer == null
                ? null
                : (caller, in, data) ->
                        say("publish of " + caller.user() + " " + in, () -> answer.apply(in, data));
    }

    @Override
    public @Nullable SubRefresh subRefresh(String channel, ChannelOptions options) {
        Function<String, Answer<Renewal>> answer = subRefresh;
        return answer == null
                ? null
                : (caller, of) ->
                        say("sub_refresh of " + caller.user() + " " + of, () -> answer.apply(of));
    }

    @Override
    public void disconnected(Caller caller, int code, String reason) {
        asked.add("disconnected " + caller.user() + " " + code + " " + reason);
    }

    private interface Reply<T> {
        Answer<T> give();
    }

    private <T> CompletionStage<Answer<T>> say(String question, Reply<T> reply) {
        asked.add(question);
        CompletableFuture<Answer<T>> answered = new CompletableFuture<>();
        if (delay.isZero()) answer(answered, reply);
        else simulation.after(delay, () -> answer(answered, reply));
        return answered;
    }

    private static <T> void answer(CompletableFuture<Answer<T>> answered, Reply<T> reply) {
        try {
            answered.complete(reply.give());
        } catch (IllegalStateException e) { // the backend can't be reached
            answered.completeExceptionally(e);
        }
    }
}
