package io.mantle.privacy.detect.blind;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The words of one language: first and last names, places, companies, streets. */
record Words(Map<String, List<String>> lists) {

  static Words of(String language) {
    Map<String, List<String>> lists = new HashMap<>();
    for (String line : lines("words/" + language + ".txt")) {
      int colon = line.indexOf(": ");
      lists.put(line.substring(0, colon), List.of(line.substring(colon + 2).split(", ")));
    }
    return new Words(lists);
  }

  String first(Draw draw) {
    return one("first", draw);
  }

  String last(Draw draw) {
    return one("last", draw);
  }

  String city(Draw draw) {
    return one("city", draw);
  }

  String org(Draw draw) {
    return one("org", draw);
  }

  String street(Draw draw) {
    return one("street", draw);
  }

  private String one(String list, Draw draw) {
    List<String> words = lists.get(list);
    if (words == null) {
      throw new IllegalStateException("no list " + list);
    }
    return draw.of(words);
  }

  /** The lines of a resource of this package that are not empty and no comment. */
  static List<String> lines(String resource) {
    try (InputStream in = Words.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException(resource + " is missing");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.isBlank() && !line.startsWith("# "))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
