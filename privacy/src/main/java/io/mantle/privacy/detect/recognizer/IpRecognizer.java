package io.mantle.privacy.detect.recognizer;

import io.mantle.privacy.detect.passage.CharClass;
import io.mantle.privacy.detect.passage.Passage;
import io.mantle.privacy.value.EntityType;
import io.mantle.privacy.value.Span;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Internet addresses: IPv4 in dotted decimal, IPv6 in the text forms of RFC 4291, each with its
 * prefix length, the latter with its zone (RFC 4007). Version numbers of four parts and scoped
 * names such as {@code a::b} are none.
 */
final class IpRecognizer implements Recognizer {
  private static final Set<String> VERSION_WORDS =
      Set.of(
          "version",
          "versions",
          "v",
          "ver",
          "release",
          "build",
          "firmware",
          "section",
          "sections",
          "chapter",
          "clause",
          "paragraph",
          "rfc",
          "jls",
          "jvms",
          "oid",
          "figure",
          "table",
          "dotnet",
          "assembly",
          "fileversion",
          "assemblyversion",
          "driver");

  @Override
  public void recognize(Passage passage, Consumer<Span> found) {
    if (passage.digitRuns() == 0) {
      return;
    }
    List<Span> spans = new ArrayList<>();
    if (passage.hasColon()) {
      sixes(passage, spans);
    }
    int sixesCount = spans.size();
    int six = 0;
    for (int run = 0; run + 3 < passage.digitRuns(); run++) {
      int start = passage.runStart(run);
      while (six < sixesCount && spans.get(six).end() <= start) {
        six++;
      }
      if (six < sixesCount && spans.get(six).start() <= start) {
        continue;
      }
      if (isFour(passage, run)) {
        int end = prefixLengthEnd(passage, passage.runEnd(run + 3), 32);
        spans.add(new Span(start, end, EntityType.IP, 0.95));
        run += 3;
      }
    }
    spans.sort(Comparator.comparingInt(Span::start));
    spans.forEach(found);
  }

  private static boolean isFour(Passage passage, int run) {
    for (int i = 0; i < 4; i++) {
      if (passage.runLength(run + i) > 3
          || Integer.parseInt(
                  passage.text(), passage.runStart(run + i), passage.runEnd(run + i), 10)
              > 255
          || (i < 3
              && (passage.gapLength(run + i) != 1 || passage.at(passage.runEnd(run + i)) != '.'))) {
        return false;
      }
    }
    int start = passage.runStart(run);
    char before = passage.at(start - 1);
    boolean productVersion =
        (before == '/' || before == '-') && CharClass.isAsciiLetter(passage.at(start - 2));
    return passage.startsNumber(start)
        && !productVersion
        && passage.endsNumber(passage.runEnd(run + 3))
        && !ContextWords.lastBefore(passage, start, VERSION_WORDS);
  }

  private static void sixes(Passage passage, List<Span> spans) {
    String text = passage.text();
    int free = 0;
    for (int colon = text.indexOf(':'); colon >= 0; colon = text.indexOf(':', free)) {
      int start = colon;
      while (start > free && colon - start < 5 && CharClass.isHex(passage.at(start - 1))) {
        start--;
      }
      int end = colon;
      while (CharClass.isHex(passage.at(end)) || passage.at(end) == ':' || passage.at(end) == '.') {
        end++;
      }
      while (passage.at(end - 1) == '.') {
        end--;
      }
      // "address fe80::1: unreachable" ends before its last colon, "2001:db8::" after it.
      if (passage.at(end - 1) == ':' && passage.at(end - 2) != ':') {
        end--;
      }
      free = Math.max(end, colon + 1);
      if (passage.startsWord(start)
          && passage.endsWord(end)
          && end > start
          && isSix(passage, start, end)) {
        int zone = zoneEnd(passage, end);
        int last = prefixLengthEnd(passage, zone, 128);
        spans.add(new Span(start, last, EntityType.IP, 0.95));
        free = last;
      }
    }
  }

  /** Whether {@code start} to {@code end}, of hex digits, colons and dots, is an IPv6 address. */
  private static boolean isSix(Passage passage, int start, int end) {
    if (end - start > 45 || (end - start == 2 && passage.at(end) != '/')) {
      return false;
    }
    int groups = 0;
    int gap = -1;
    int at = start;
    boolean four = false;
    boolean digit = end - start == 2;
    if (passage.at(at) == ':') {
      if (passage.at(at + 1) != ':') {
        return false;
      }
      gap = 0;
      at += 2;
    }
    while (at < end) {
      int stop = at;
      while (stop < end && CharClass.isHex(passage.at(stop))) {
        digit |= CharClass.isDigit(passage.at(stop));
        stop++;
      }
      if (stop < end && passage.at(stop) == '.') {
        four = isFourBetween(passage, at, end);
        groups += 2;
        if (!four) {
          return false;
        }
        break;
      }
      if (stop == at || stop - at > 4) {
        return false;
      }
      groups++;
      at = stop;
      if (at < end) {
        at++;
        if (at == end) {
          return false;
        }
        if (passage.at(at) == ':') {
          if (gap >= 0) {
            return false;
          }
          gap = groups;
          at++;
        }
      }
    }
    if (!digit || (gap < 0 ? groups != 8 : groups > 7)) {
      return false;
    }
    return four || groups >= 3 || isShortSix(passage, start, end, gap);
  }

  /** {@code a1::b2} is a name in a program far more often than an address. */
  private static boolean isShortSix(Passage passage, int start, int end, int gap) {
    if (gap == 0) {
      // Of the addresses with one digit only the loopback is ever written.
      if (end - start == 3 && passage.at(end - 1) != '1' && passage.at(end) != '/') {
        return false;
      }
      char before = passage.at(start - 1);
      boolean slice =
          before == ')'
              || before == ']'
              || (before == '[' && CharClass.isWord(passage.at(start - 2)));
      return !slice;
    }
    int first = start;
    while (passage.at(first) != ':') {
      first++;
    }
    return first - start >= 3 && end > first;
  }

  private static boolean isFourBetween(Passage passage, int start, int end) {
    int at = start;
    for (int part = 0; part < 4; part++) {
      int stop = at;
      int value = 0;
      while (stop < end && stop - at < 4 && CharClass.isDigit(passage.at(stop))) {
        value = value * 10 + passage.at(stop) - '0';
        stop++;
      }
      if (stop == at || value > 255) {
        return false;
      }
      if (part < 3) {
        if (passage.at(stop) != '.') {
          return false;
        }
        stop++;
      }
      at = stop;
    }
    return at == end;
  }

  private static int zoneEnd(Passage passage, int end) {
    if (passage.at(end) != '%') {
      return end;
    }
    int stop = end + 1;
    while (stop - end <= 16 && CharClass.isAsciiAlnum(passage.at(stop))) {
      stop++;
    }
    return stop > end + 1 ? stop : end;
  }

  private static int prefixLengthEnd(Passage passage, int end, int bitsMax) {
    if (passage.at(end) != '/') {
      return end;
    }
    int stop = end + 1;
    int bits = 0;
    while (stop - end <= 4 && CharClass.isDigit(passage.at(stop))) {
      bits = bits * 10 + passage.at(stop) - '0';
      stop++;
    }
    return stop > end + 1 && bits <= bitsMax && passage.endsWord(stop) ? stop : end;
  }
}
