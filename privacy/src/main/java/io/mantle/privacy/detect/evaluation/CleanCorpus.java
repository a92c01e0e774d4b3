package io.mantle.privacy.detect.evaluation;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * Text of a machine on which software is built: sources, logs, JSON, documentation, in folders and
 * in archives ({@code .jar}, {@code .zip}, {@code .whl}). Of each folder and each kind only so many
 * characters are read, file by file in the order of a hash of their paths: a sample that is spread
 * over all of it, and the same on every run. Files that are not UTF-8 or larger than {@link
 * #FILE_BYTES_MAX} are passed over.
 */
public final class CleanCorpus {
  static final int FILE_BYTES_MAX = 1 << 20;

  private static final int PART_CHARS_MAX = 4_000;
  private static final int FILE_CHARS_MAX = 100_000;

  private static final Pattern LICENCE =
      Pattern.compile(
          "\\s*(?:/\\*|//|#|<!--)[\\s\\S]{0,600}?(?:copyright|licen[cs]e)",
          Pattern.CASE_INSENSITIVE);

  private static final Pattern LINE_COMMENT = Pattern.compile("[ \\t]*(?://|#|\\n)");

  private final long charsOfKindMax;

  /**
   * Makes a reader.
   *
   * @param charsOfKindMax where a kind of text of one folder ends, give or take a file
   */
  public CleanCorpus(long charsOfKindMax) {
    this.charsOfKindMax = charsOfKindMax;
  }

  /** Takes the parts of a corpus, one after the other. */
  @FunctionalInterface
  public interface Reader {

    /** A part of a file, cut at the end of a line, about as long as what people paste. */
    void part(TextKind kind, String text);
  }

  private record Entry(Path file, Optional<String> inside, TextKind kind) {

    private long order() {
      CRC32 hash = new CRC32();
      String name = inside.orElseGet(() -> file.getFileName() + "");
      hash.update(name.getBytes(StandardCharsets.UTF_8));
      return hash.getValue();
    }
  }

  /** Reads a folder with all below it, or a single file. */
  public void read(Path folder, Reader reader) throws IOException {
    List<Entry> entries = new ArrayList<>();
    List<Path> files;
    try (Stream<Path> walk = Files.walk(folder)) {
      files = walk.filter(Files::isRegularFile).sorted().toList();
    }
    for (Path file : files) {
      gather(file, entries);
    }
    entries.sort(Comparator.comparingLong(Entry::order)); // stable: equal hashes stay by path
    EnumMap<TextKind, Long> taken = new EnumMap<>(TextKind.class);
    for (Entry entry : entries) {
      long already = taken.getOrDefault(entry.kind, 0L);
      if (already < charsOfKindMax) {
        taken.put(entry.kind, already + cut(entry.kind, text(entry), reader));
      }
    }
  }

  private static void gather(Path file, List<Entry> entries) throws IOException {
    String name = file.toString().replace('\\', '/');
    if (name.endsWith(".jar") || name.endsWith(".zip") || name.endsWith(".whl")) {
      try (ZipFile archive = new ZipFile(file.toFile())) {
        archive.stream()
            .filter(entry -> !entry.isDirectory() && entry.getSize() <= FILE_BYTES_MAX)
            .map(ZipEntry::getName)
            .sorted()
            .forEach(
                inside ->
                    TextKind.of(inside)
                        .ifPresent(
                            kind -> entries.add(new Entry(file, Optional.of(inside), kind))));
      }
    } else if (Files.size(file) <= FILE_BYTES_MAX) {
      TextKind.of(name).ifPresent(kind -> entries.add(new Entry(file, Optional.empty(), kind)));
    }
  }

  private static String text(Entry entry) throws IOException {
    byte[] bytes;
    if (entry.inside.isPresent()) {
      try (ZipFile archive = new ZipFile(entry.file.toFile())) {
        ZipEntry inside = archive.getEntry(entry.inside.get());
        try (InputStream in = archive.getInputStream(inside)) {
          bytes = in.readNBytes(FILE_BYTES_MAX);
        }
      }
    } else {
      bytes = Files.readAllBytes(entry.file);
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      return "";
    }
  }

  private static int endOfComment(String text) {
    int start = text.length() - text.stripLeading().length();
    if (text.startsWith("/*", start)) {
      int end = text.indexOf("*/", start);
      return end < 0 ? 0 : end + 2;
    }
    int at = 0;
    while (at < text.length() && LINE_COMMENT.matcher(text).region(at, text.length()).lookingAt()) {
      int end = text.indexOf('\n', at);
      at = end < 0 ? text.length() : end + 1;
    }
    return at;
  }

  /** No file counts for more than its beginning, or one generated table would be the corpus. */
  private static long cut(TextKind kind, String whole, Reader reader) {
    int head = LICENCE.matcher(whole).lookingAt() ? endOfComment(whole) : 0;
    String text = whole.substring(head, Math.min(whole.length(), head + FILE_CHARS_MAX));
    int start = 0;
    while (start < text.length()) {
      int end = Math.min(text.length(), start + PART_CHARS_MAX);
      int line = end < text.length() ? text.lastIndexOf('\n', end - 1) + 1 : end;
      int next = line > start ? line : end;
      reader.part(kind, text.substring(start, next));
      start = next;
    }
    return text.length();
  }
}
