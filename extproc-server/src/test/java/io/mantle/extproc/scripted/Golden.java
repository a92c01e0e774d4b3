package io.mantle.extproc.scripted;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import java.util.function.UnaryOperator;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A golden exchange, from the files of one folder:
 *
 * <ul>
 *   <li>{@code client-request.json} and {@code client-response.json} (or {@code .sse}, or {@code
 *       .txt}): what the client sends and gets, byte for byte;
 *   <li>{@code upstream-request.json} and {@code provider-response.*}: the same on the provider's
 *       side, with <code>{{value}}</code> where the surrogate of {@code value} stands, and <code>
 *       {{value|3..7}}</code> for a part of it: where a chunk of a stream ends within one;
 *   <li>{@code meta.properties}, if there is more to say: {@code path} of the endpoint, {@code
 *       status}, {@code content-type}, {@code line-ends} (of the answers: {@code LF}, {@code CRLF},
 *       {@code CR}), {@code entities} as in the header, {@code tokens} as prompt+completion.
 * </ul>
 */
public record Golden(
    String name,
    String clientRequest,
    String upstreamRequest,
    String providerResponse,
    String clientResponse,
    Properties meta,
    String extension) {
  private static final Path FOLDER = Path.of("src/test/resources/golden");
  private static final Pattern PLACEHOLDER =
      Pattern.compile("\\{\\{(?<value>[^|}]+)(?:\\|(?<from>\\d*)\\.\\.(?<to>\\d*))?}}");

  /** All of them. */
  public static Stream<Golden> all() throws IOException {
    try (Stream<Path> folders = Files.list(FOLDER)) {
      return folders.sorted().map(Golden::read).toList().stream();
    }
  }

  private static Golden read(Path folder) {
    try {
      Properties meta = new Properties();
      Path metaFile = folder.resolve("meta.properties");
      if (Files.exists(metaFile)) {
        try (Reader reader = Files.newBufferedReader(metaFile)) {
          meta.load(reader);
        }
      }
      String extension =
          Stream.of("json", "sse", "txt")
              .filter(e -> Files.exists(folder.resolve("provider-response." + e)))
              .findFirst()
              .orElseThrow(() -> new AssertionError(folder + " has no provider's response"));
      UnaryOperator<String> lineEnds =
          text ->
              text.replace(
                  "\n",
                  switch (meta.getProperty("line-ends", "LF")) {
                    case "CRLF" -> "\r\n";
                    case "CR" -> "\r";
                    default -> "\n";
                  });
      return new Golden(
          folder.getFileName().toString(),
          Files.readString(folder.resolve("client-request.json")),
          Files.readString(folder.resolve("upstream-request.json")),
          lineEnds.apply(Files.readString(folder.resolve("provider-response." + extension))),
          lineEnds.apply(Files.readString(folder.resolve("client-response." + extension))),
          meta,
          extension);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Sends the client's request, and checks what leaves. */
  public Exchanged exchange() throws Exception {
    Sent sent =
        Gateway.of().sendTo(meta.getProperty("path", "/v1/chat/completions"), clientRequest);
    Map<String, String> surrogates = surrogates(sent.upstream());
    return new Exchanged(
        sent,
        surrogates,
        providerBytes(surrogates),
        clientResponse.getBytes(StandardCharsets.UTF_8));
  }

  /** What came of the request, and what is to come of the answer. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  public record Exchanged(
      Sent sent, Map<String, String> surrogates, byte[] provider, byte[] client) {}

  public String contentType() {
    return meta.getProperty(
        "content-type",
        switch (extension) {
          case "sse" -> Sent.SSE;
          case "json" -> Sent.JSON;
          default -> "text/plain";
        });
  }

  public int status() {
    return Integer.parseInt(meta.getProperty("status", "200"));
  }

  /** Matches what left with {@code upstream-request.json}; returns what stands for what. */
  private Map<String, String> surrogates(String upstream) {
    Map<String, String> groups = new LinkedHashMap<>();
    StringBuilder pattern = new StringBuilder();
    Matcher placeholders = PLACEHOLDER.matcher(upstreamRequest);
    int done = 0;
    while (placeholders.find()) {
      pattern.append(Pattern.quote(upstreamRequest.substring(done, placeholders.start())));
      String value = placeholders.group("value");
      String group = groups.get(value);
      if (group == null) {
        group = "v" + groups.size();
        groups.put(value, group);
        pattern.append("(?<").append(group).append(">[^\"\\\\]+?)");
      } else {
        pattern.append("\\k<").append(group).append('>');
      }
      done = placeholders.end();
    }
    pattern.append(Pattern.quote(upstreamRequest.substring(done)));
    Matcher left = Pattern.compile(pattern.toString()).matcher(upstream);
    assertThat(left.matches())
        .as("what left:%n%s%nis to be:%n%s", upstream, upstreamRequest)
        .isTrue();
    Map<String, String> surrogates = new HashMap<>();
    groups.forEach((value, group) -> surrogates.put(value, left.group(group)));
    surrogates.forEach(
        (value, surrogate) -> assertThat(surrogate).as(value).isNotEqualToIgnoringCase(value));
    return surrogates;
  }

  private byte[] providerBytes(Map<String, String> surrogates) {
    return PLACEHOLDER
        .matcher(providerResponse)
        .replaceAll(m -> Matcher.quoteReplacement(part(surrogates, m)))
        .getBytes(StandardCharsets.UTF_8);
  }

  private String part(Map<String, String> surrogates, MatchResult placeholder) {
    String surrogate = surrogates.get(placeholder.group("value"));
    if (surrogate == null) {
      throw new AssertionError(placeholder.group() + " is not in upstream-request.json of " + name);
    }
    String from = placeholder.group("from");
    String to = placeholder.group("to");
    return surrogate.substring(
        from == null || from.isEmpty() ? 0 : Integer.parseInt(from),
        to == null || to.isEmpty() ? surrogate.length() : Integer.parseInt(to));
  }

  @Override
  public String toString() {
    return name;
  }
}
