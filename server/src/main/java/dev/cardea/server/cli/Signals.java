package dev.cardea.server.cli;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the process is told from outside, one after the other. */
final class Signals {
    enum Told {
        STOP,
        RELOAD
    }

    private static final Logger LOG = LoggerFactory.getLogger(Signals.class);

    private final BlockingQueue<Told> told = new LinkedBlockingQueue<>();

    private Signals() {}

    /** From here on a signal doesn't end the process by itself. */
    static Signals handle() {
        Signals signals = new Signals();
        signals.on("TERM", Told.STOP);
        signals.on("INT", Told.STOP);
        signals.on("HUP", Told.RELOAD);
        return signals;
    }

    /**
     * A process that was started to ignore the signal, as {@code nohup} has it ignore SIGHUP, goes
     * on to.
     *
     * <p>By reflection: the JDK offers no other way to hear a second signal, or SIGHUP, than a
     * class whose mere name javac warns of.
     */
    private void on(String name, Told what) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object handling =
                    Proxy.newProxyInstance(
                            handler.getClassLoader(),
                            new Class<?>[] {handler},
                            (self, method, arguments) -> {
                                if (method.getName().equals("handle")) told.add(what);
                                return ofAnyObject(method.getName(), self, arguments);
                            });
            Object one = signal.getConstructor(String.class).newInstance(name);
            Object before = signal.getMethod("handle", signal, handler).invoke(null, one, handling);
            if (isSame(before, handler.getField("SIG_IGN").get(null)))
                LOG.atInfo().addKeyValue("signal", "SIG" + name).log("signal_ignored");
        } catch (InvocationTargetException _) {
            // no such signal on this system, or the JVM was told to leave it alone (-Xrs)
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("the JDK has no signals", e);
        }
    }

    private static @Nullable Object ofAnyObject(
            String method, Object self, Object @Nullable [] arguments) {
        return switch (method) {
            case "equals" -> arguments != null && isSame(arguments[0], self);
            case "hashCode" -> System.identityHashCode(self);
            case "toString" -> "a handler of signals";
            default -> null;
        };
    }

    @SuppressWarnings("ReferenceEquality") // equals itself would come here again
    private static boolean isSame(Object other, Object self) {
        return other == self;
    }

    /** Waits for the next one. */
    Told next() throws InterruptedException {
        return told.take();
    }
}
