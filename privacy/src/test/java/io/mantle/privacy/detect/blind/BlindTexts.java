package io.mantle.privacy.detect.blind;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.mantle.privacy.detect.blind.Values.Value;
import io.mantle.privacy.detect.evaluation.Mark;
import java.io.IOException;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Fills frames. A frame is a line: {@code {{NAME}}} or {@code {{NAME:variant}}} is a slot, {@code
 * [[TYPE:text]]} an entity as it stands, {@code \n} a line break, {@code xx| } in front its
 * language (English without). All types are marked wherever they occur, so everything else that is
 * found is wrong.
 */
final class BlindTexts {
  private static final Pattern PLACE =
      Pattern.compile("\\{\\{(\\w+)(?::([\\w:]+))?}}|\\[\\[(\\w+):(.*?)]]");
  private static final Pattern LANGUAGE = Pattern.compile("([A-Za-z]{2})\\| (.*)");
  private static final Set<String> LANGUAGES =
      Set.of("de", "es", "fr", "it", "nl", "pl", "pt", "sv");

  private static final int ENTITIES_OF_A_KIND_MIN = 130;

  /** Kinds of many countries or of two types get more. */
  private static final Map<String, Integer> ENTITIES_OF_MANY_MIN =
      Map.of("national", 310, "phone", 250, "url", 260);

  private static final int NAME_ROUNDS = 5;

  /** The frames of values with a form; the file's name is the source of its texts. */
  static final List<String> KINDS =
      List.of(
          "address",
          "bank",
          "card",
          "crypto",
          "date",
          "dob",
          "driver",
          "email",
          "iban",
          "ip",
          "mac",
          "medical",
          "national",
          "passport",
          "phone",
          "secret",
          "ssn",
          "url",
          "username");

  static final List<String> NAME_LANGUAGES =
      List.of("de", "es", "fr", "it", "nl", "pl", "pt", "sv");

  private BlindTexts() {}

  private record Text(String source, String language, String text, List<Mark> marks) {}

  /** The content of every file, by its name. */
  static Map<String, String> files() throws IOException {
    Map<String, String> files = new TreeMap<>();
    List<Text> values = new ArrayList<>();
    for (String kind : KINDS) {
      values.addAll(ofKind(kind));
    }
    files.put("values.jsonl", jsonLines(values));
    for (String language : NAME_LANGUAGES) {
      files.put("names_" + language + ".jsonl", jsonLines(names(language)));
    }
    return files;
  }

  private static List<Text> ofKind(String kind) {
    List<String> frames = Words.lines("frames/values/" + kind + ".txt");
    Values values = new Values(seed(kind));
    List<Text> texts = new ArrayList<>();
    int entities = 0;
    int entitiesMin = ENTITIES_OF_MANY_MIN.getOrDefault(kind, ENTITIES_OF_A_KIND_MIN);
    while (entities < entitiesMin) {
      for (String frame : frames) {
        Matcher prefix = LANGUAGE.matcher(frame);
        boolean named = prefix.matches();
        String language = named && LANGUAGES.contains(prefix.group(1)) ? prefix.group(1) : "en";
        Text text =
            filled(
                "blind_" + kind,
                language,
                named ? prefix.group(2) : frame,
                values,
                Words.of(language));
        entities += (int) text.marks.stream().filter(m -> !m.type().equals("OTHER")).count();
        texts.add(text);
      }
    }
    return texts;
  }

  private static List<Text> names(String language) {
    List<String> frames = Words.lines("frames/names/" + language + ".txt");
    Values values = new Values(seed(language));
    Words words = Words.of(language);
    List<Text> texts = new ArrayList<>();
    for (int i = 0; i < NAME_ROUNDS * frames.size(); i++) {
      String frame = frames.get(i % frames.size());
      boolean same = i >= frames.size() && !PLACE.matcher(frame).find();
      if (!same) { // a frame without slots says nothing new the second time
        texts.add(filled("blind_names_" + language, language, frame, values, words));
      }
    }
    return texts;
  }

  private static long seed(String name) {
    return 0x6d616e746c65L + name.hashCode();
  }

  private static Text filled(
      String source, String language, String frame, Values values, Words words) {
    StringBuilder text = new StringBuilder();
    List<Mark> marks = new ArrayList<>();
    Matcher places = PLACE.matcher(frame);
    int at = 0;
    while (places.find()) {
      text.append(unescaped(frame.substring(at, places.start())));
      at = places.end();
      String slot = places.group(1);
      String variant = places.group(2) == null ? "" : places.group(2);
      Value value =
          slot != null
              ? values.of(slot, variant, language, words)
              : new Value(places.group(4), places.group(3));
      int start = text.codePointCount(0, text.length());
      text.append(value.text());
      if (value.start() > 0) {
        marks.add(new Mark(start, start + value.start(), "OTHER"));
        marks.add(new Mark(start + value.start(), start + value.end(), value.type()));
        marks.add(new Mark(start + value.end(), start + value.text().length(), "OTHER"));
        continue;
      }
      Mark mark = new Mark(start, text.codePointCount(0, text.length()), value.type());
      Mark last = marks.isEmpty() ? null : marks.getLast();
      if (last != null && isOnePerson(last, mark)) {
        marks.set(marks.size() - 1, new Mark(last.start(), mark.end(), last.type()));
      } else {
        marks.add(mark);
      }
    }
    text.append(unescaped(frame.substring(at)));
    return new Text(source, language, text.toString(), marks);
  }

  /** First and last name beside each other. */
  private static boolean isOnePerson(Mark last, Mark mark) {
    return last.type().equals("PERSON")
        && mark.type().equals("PERSON")
        && mark.start() == last.end() + 1;
  }

  private static String unescaped(String text) {
    return text.replace("\\n", "\n");
  }

  private static String jsonLines(List<Text> texts) throws IOException {
    StringWriter out = new StringWriter();
    int number = 0;
    for (Text text : texts) {
      JsonGenerator json = new JsonFactory().createGenerator(out);
      json.writeStartObject();
      json.writeStringField("id", text.source.substring("blind_".length()) + "-" + ++number);
      json.writeStringField("source", text.source);
      json.writeStringField("lang", text.language);
      json.writeStringField("text", text.text);
      json.writeArrayFieldStart("spans");
      for (Mark mark : text.marks) {
        json.writeStartObject();
        json.writeNumberField("start", mark.start());
        json.writeNumberField("end", mark.end());
        json.writeStringField("type", mark.type());
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeNullField("annotated"); // every type is
      json.writeEndObject();
      json.flush();
      out.write('\n');
    }
    return out.toString();
  }
}
