package io.mantle.controlplane.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExchangeLogTest {
  @Test
  void fields_ofTheStaticExample_areTheSame() throws Exception {
    List<String> lines =
        Files.readAllLines(Path.of("../envoy/static-example.yaml")).stream()
            .map(String::strip)
            .toList();
    int begin = lines.indexOf("json_format:") + 1;
    List<String> expected =
        ExchangeLog.fields().entrySet().stream()
            .map(field -> field.getKey() + ": \"" + field.getValue() + "\"")
            .toList();
    assertThat(lines.subList(begin, begin + expected.size())).isEqualTo(expected);
  }
}
