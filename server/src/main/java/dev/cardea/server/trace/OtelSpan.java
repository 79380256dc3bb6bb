package dev.cardea.server.trace;

import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import java.util.function.BiConsumer;

/** A span of OpenTelemetry's. */
final class OtelSpan implements Span {
    private static final int FIRST_SERVER_ERROR = 500;

    private final io.opentelemetry.api.trace.Span span;

    OtelSpan(io.opentelemetry.api.trace.Span span) {
        this.span = span;
    }

    @Override
    public void inject(BiConsumer<String, String> headers) {
        W3CTraceContextPropagator.getInstance()
                .inject(
                        Context.root().with(span),
                        headers,
                        (carrier, name, value) -> {
                            if (carrier != null) carrier.accept(name, value);
                        });
    }

    @Override
    public void status(int httpStatus) {
        span.setAttribute("http.response.status_code", httpStatus);
        if (httpStatus >= FIRST_SERVER_ERROR) span.setStatus(StatusCode.ERROR);
    }

    @Override
    public void failed(String reason) {
        span.setAttribute("error.type", reason);
        span.setStatus(StatusCode.ERROR, reason);
        span.end();
    }

    @Override
    public void end() {
        span.end();
    }
}
