package io.mantle.logging;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.encoder.EncoderBase;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.KeyValuePair;

/**
 * Writes an event as a line of text or as a JSON object on a line. Whatever an event says (its
 * message, its exceptions, its context) went through the {@link Scrubber} before. Thread-safe.
 *
 * <p>In JSON: {@code time}, {@code level}, {@code logger}, {@code thread}, {@code message}, {@code
 * exception}, and the context by its own names, such as {@code request_id} and {@code trace_id}.
 */
public final class LineEncoder extends EncoderBase<ILoggingEvent> {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSXXX").withZone(ZoneOffset.UTC);
  private static final byte[] NOTHING = new byte[0];

  private final JsonFactory json = new JsonFactory();
  private boolean asJson;

  /** Set by logback: {@code json} or {@code text}; what is neither is text. */
  public void setFormat(String format) {
    asJson = format.equals("json");
  }

  @Override
  public byte[] headerBytes() {
    return NOTHING;
  }

  @Override
  public byte[] footerBytes() {
    return NOTHING;
  }

  @Override
  public byte[] encode(ILoggingEvent event) {
    return asJson ? json(event) : text(event).getBytes(StandardCharsets.UTF_8);
  }

  private static String text(ILoggingEvent event) {
    String logger = event.getLoggerName();
    StringBuilder line = new StringBuilder(160);
    line.append(TIME.format(event.getInstant()))
        .append(' ')
        .append("%-5s".formatted(event.getLevel()))
        .append(' ')
        .append(logger, logger.lastIndexOf('.') + 1, logger.length())
        .append(' ')
        .append(Scrubber.scrub(event.getFormattedMessage()));
    context(event)
        .forEach(
            (name, value) ->
                line.append(' ').append(name).append('=').append(Scrubber.scrub(value)));
    String exception = exception(event);
    if (exception != null) {
      line.append(System.lineSeparator()).append(exception);
    }
    return line.append(System.lineSeparator()).toString();
  }

  private byte[] json(ILoggingEvent event) {
    ByteArrayOutputStream line = new ByteArrayOutputStream(256);
    try (JsonGenerator object = json.createGenerator(line)) {
      object.writeStartObject();
      object.writeStringField("time", TIME.format(event.getInstant()));
      object.writeStringField("level", event.getLevel().toString());
      object.writeStringField("logger", event.getLoggerName());
      object.writeStringField("thread", event.getThreadName());
      object.writeStringField("message", Scrubber.scrub(event.getFormattedMessage()));
      for (Map.Entry<String, String> entry : context(event).entrySet()) {
        object.writeStringField(entry.getKey(), Scrubber.scrub(entry.getValue()));
      }
      String exception = exception(event);
      if (exception != null) {
        object.writeStringField("exception", exception);
      }
      object.writeEndObject();
      object.writeRaw('\n');
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return line.toByteArray();
  }

  private static Map<String, String> context(ILoggingEvent event) {
    Map<String, String> context = new LinkedHashMap<>(event.getMDCPropertyMap());
    if (event.getKeyValuePairs() != null) {
      for (KeyValuePair pair : event.getKeyValuePairs()) {
        context.put(pair.key, String.valueOf(pair.value));
      }
    }
    return context;
  }

  private static @Nullable String exception(ILoggingEvent event) {
    IThrowableProxy thrown = event.getThrowableProxy();
    return thrown == null
        ? null
        : Scrubber.scrub(ThrowableProxyUtil.asString(thrown).stripTrailing());
  }
}
