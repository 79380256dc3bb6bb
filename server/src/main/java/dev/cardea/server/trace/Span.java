package dev.cardea.server.trace;

import java.util.function.BiConsumer;

/** One traced piece of work. Ended once, on any thread. */
public interface Span {
    /** Leaves no trace. */
    Span NONE =
            new Span() {
                @Override
                public void inject(BiConsumer<String, String> headers) {}

                @Override
                public void status(int httpStatus) {}

                @Override
                public void failed(String reason) {}

                @Override
                public void end() {}
            };

    /** Gives the headers by which what is called becomes part of the trace. */
    void inject(BiConsumer<String, String> headers);

    void status(int httpStatus);

    /** Ends it as a failure. */
    void failed(String reason);

    void end();
}
