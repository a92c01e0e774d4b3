package io.mantle.controlplane.admin;

import io.mantle.controlplane.database.UsageReport.Group;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Usage as CSV (RFC 4180), one line a group. */
final class UsageCsv {
  private static final List<String> COLUMNS =
      List.of(
          "name",
          "requests",
          "errors",
          "refused",
          "cancelled",
          "prompt_tokens",
          "completion_tokens",
          "cached_tokens",
          "reasoning_tokens",
          "requests_with_estimated_tokens",
          "request_bytes",
          "response_bytes",
          "latency_ms_p50",
          "latency_ms_p95",
          "latency_ms_p99",
          "first_byte_ms_p50",
          "first_byte_ms_p95",
          "first_byte_ms_p99",
          "entities",
          "estimated_tokens",
          "cost_usd",
          "unpriced_requests");

  private UsageCsv() {}

  static String write(String groupedBy, List<Group> groups) {
    StringBuilder csv =
        new StringBuilder(groupedBy + "," + String.join(",", COLUMNS) + Csv.LINE_END);
    groups.forEach(group -> csv.append(line(group)).append(Csv.LINE_END));
    return csv.toString();
  }

  private static String line(Group group) {
    String name = group.name();
    String entities =
        group.entities().entrySet().stream()
            .map(entry -> entry.getKey() + "=" + entry.getValue())
            .collect(Collectors.joining(";"));
    Stream<String> numbers =
        Stream.of(
                group.requests(),
                group.errors(),
                group.refused(),
                group.cancelled(),
                group.promptTokens(),
                group.completionTokens(),
                group.cachedTokens(),
                group.reasoningTokens(),
                group.estimated(),
                group.requestBytes(),
                group.responseBytes())
            .map(String::valueOf);
    return Stream.of(
            Stream.of(Csv.text(group.group()), Csv.text(name == null ? "" : name)),
            numbers,
            three(group.latencyMillis()),
            three(group.firstByteMillis()),
            Stream.of(
                Csv.text(entities),
                String.valueOf(group.estimatedTokens()),
                UsageResource.cost(group.costNanoUsd(), group.unpriced()).orElse(""),
                String.valueOf(group.unpriced())))
        .flatMap(part -> part)
        .collect(Collectors.joining(","));
  }

  private static Stream<String> three(List<Long> percentiles) {
    return percentiles.size() == 3
        ? percentiles.stream().map(String::valueOf)
        : Stream.of("", "", "");
  }
}
