package io.mantle.extproc.response;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * One server-sent event as it stands.
 *
 * @param bytes all of it, blank line included
 * @param data where its data stands, line by line, without the field's name
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Event(byte[] bytes, List<Range> data) {
  private static final byte[] DATA = "data".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] DATA_FIELD = "data: ".getBytes(StandardCharsets.US_ASCII);

  /** A range of the event's bytes. */
  record Range(int start, int end) {}

  static Event read(byte[] bytes) {
    List<Range> data = new ArrayList<>(1);
    int line = 0;
    while (line < bytes.length) {
      int end = line;
      while (end < bytes.length && bytes[end] != '\n' && bytes[end] != '\r') {
        end++;
      }
      int value = line + DATA.length;
      if (end > value && bytes[value] == ':' && isData(bytes, line)) {
        value++;
        data.add(new Range(value < end && bytes[value] == ' ' ? value + 1 : value, end));
      }
      line = end + 1;
    }
    return new Event(bytes, data);
  }

  private static boolean isData(byte[] bytes, int at) {
    for (int i = 0; i < DATA.length; i++) {
      if (bytes[at + i] != DATA[i]) {
        return false;
      }
    }
    return true;
  }

  /** What the event says: its data lines, joined by line feeds. */
  byte[] payload() {
    if (data.size() == 1) {
      return Arrays.copyOfRange(bytes, data.getFirst().start(), data.getFirst().end());
    }
    ByteArrayOutputStream payload = new ByteArrayOutputStream(bytes.length);
    for (Range range : data) {
      if (payload.size() > 0) {
        payload.write('\n');
      }
      payload.write(bytes, range.start(), range.end() - range.start());
    }
    return payload.toByteArray();
  }

  /** The event saying something else, on as many lines as that has. */
  byte[] withPayload(byte[] payload) {
    ByteArrayOutputStream event = new ByteArrayOutputStream(bytes.length + payload.length);
    Range first = data.getFirst();
    Range last = data.getLast();
    event.write(bytes, 0, first.start());
    int line = 0;
    for (int i = 0; i < payload.length; i++) {
      if (payload[i] == '\n') {
        event.write(payload, line, i + 1 - line);
        event.writeBytes(DATA_FIELD);
        line = i + 1;
      }
    }
    event.write(payload, line, payload.length - line);
    event.write(bytes, last.end(), bytes.length - last.end());
    return event.toByteArray();
  }
}
