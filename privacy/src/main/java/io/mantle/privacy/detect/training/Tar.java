package io.mantle.privacy.detect.training;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Predicate;
import java.util.zip.GZIPInputStream;

/** Reads gzipped tar archives, as npm and PyPI publish them. */
final class Tar {
  private static final int BLOCK_BYTES = 512;

  private Tar() {}

  /** What is done with each file. */
  interface Sink {
    void accept(String name, byte[] content) throws IOException;
  }

  /** What is done with one file, read as it comes. */
  interface StreamSink {
    void accept(InputStream content) throws IOException;
  }

  /** Hands each file over, whole. */
  static void read(Path archive, Sink sink) throws IOException {
    try (InputStream in = open(archive)) {
      byte[] header = new byte[BLOCK_BYTES];
      while (in.readNBytes(header, 0, BLOCK_BYTES) == BLOCK_BYTES && header[0] != 0) {
        int size = Math.toIntExact(size(header));
        byte[] content = in.readNBytes(size);
        in.skipNBytes((BLOCK_BYTES - size % BLOCK_BYTES) % BLOCK_BYTES);
        sink.accept(name(header), content);
      }
    }
  }

  /**
   * Hands the first file of such a name over and stops.
   *
   * @throws IOException if there is none
   */
  static void readOne(Path archive, Predicate<String> name, StreamSink sink) throws IOException {
    try (InputStream in = open(archive)) {
      byte[] header = new byte[BLOCK_BYTES];
      while (in.readNBytes(header, 0, BLOCK_BYTES) == BLOCK_BYTES && header[0] != 0) {
        if (name.test(name(header))) {
          sink.accept(in);
          return;
        }
        in.skipNBytes((size(header) + BLOCK_BYTES - 1) / BLOCK_BYTES * BLOCK_BYTES);
      }
    }
    throw new IOException("the file is missing in " + archive.getFileName());
  }

  private static InputStream open(Path archive) throws IOException {
    return new BufferedInputStream(new GZIPInputStream(Files.newInputStream(archive)), 1 << 16);
  }

  private static String name(byte[] header) {
    return text(header, 0, 100);
  }

  private static long size(byte[] header) {
    return Long.parseLong(text(header, 124, 12).strip(), 8);
  }

  private static String text(byte[] bytes, int from, int length) {
    String whole = new String(bytes, from, length, StandardCharsets.US_ASCII);
    int end = whole.indexOf('\0');
    return end < 0 ? whole : whole.substring(0, end);
  }
}
