package dev.cardea.server.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.FileAppender;
import ch.qos.logback.core.Layout;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import ch.qos.logback.core.spi.ContextAwareBase;
import dev.cardea.server.config.LogConfig;
import dev.cardea.server.config.LogFormat;
import dev.cardea.server.config.LogLevel;
import org.slf4j.LoggerFactory;

/**
 * Sets logging up without a file, found by Logback as a service: reading its XML would take longer
 * than the rest of the start. Lines go to standard error, until the configuration is known.
 */
public final class LogSetup extends ContextAwareBase implements Configurator {
    @Override
    public ExecutionStatus configure(LoggerContext context) {
        Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        root.addAppender(started(context, console(), new KeyValueLayout()));
        root.setLevel(Level.INFO);
        context.getLogger("io.netty").setLevel(Level.WARN);
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }

    /** As configured. To call it again with the same file opens that anew, after a rotation. */
    static void apply(LogConfig config) {
        setLevel(config.level());
        if (config.file().isEmpty() && config.format() == LogFormat.TEXT) return; // is so already
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        Layout<ILoggingEvent> layout =
                config.format() == LogFormat.JSON ? new JsonLayout() : new KeyValueLayout();
        OutputStreamAppender<ILoggingEvent> next =
                started(context, config.file().isEmpty() ? console() : file(config.file()), layout);
        Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        root.detachAndStopAllAppenders();
        root.addAppender(next);
    }

    private static ConsoleAppender<ILoggingEvent> console() {
        ConsoleAppender<ILoggingEvent> console = new ConsoleAppender<>();
        console.setTarget("System.err");
        return console;
    }

    private static FileAppender<ILoggingEvent> file(String name) {
        FileAppender<ILoggingEvent> file = new FileAppender<>();
        file.setFile(name);
        file.setAppend(true);
        return file;
    }

    private static OutputStreamAppender<ILoggingEvent> started(
            LoggerContext context,
            OutputStreamAppender<ILoggingEvent> appender,
            Layout<ILoggingEvent> layout) {
        layout.setContext(context);
        layout.start();
        LayoutWrappingEncoder<ILoggingEvent> encoder = new LayoutWrappingEncoder<>();
        encoder.setContext(context);
        encoder.setLayout(layout);
        encoder.start();
        appender.setContext(context);
        appender.setEncoder(encoder);
        appender.start();
        return appender;
    }

    /** Netty tells its part only when asked for everything. */
    private static void setLevel(LogLevel level) {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME).setLevel(logback(level));
        Level netty = level == LogLevel.TRACE ? Level.TRACE : Level.WARN;
        context.getLogger("io.netty").setLevel(level.compareTo(LogLevel.WARN) > 0 ? null : netty);
    }

    private static Level logback(LogLevel level) {
        return switch (level) {
            case TRACE -> Level.TRACE;
            case DEBUG -> Level.DEBUG;
            case INFO -> Level.INFO;
            case WARN -> Level.WARN;
            case ERROR, FATAL -> Level.ERROR;
            case NONE -> Level.OFF;
        };
    }
}
