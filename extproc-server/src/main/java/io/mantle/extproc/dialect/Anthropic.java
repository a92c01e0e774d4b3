package io.mantle.extproc.dialect;

import io.mantle.extproc.value.ProviderKind;
import java.util.List;
import java.util.Set;

/** What Anthropic's API reference names ("Create a Message", "Streaming Messages"). */
final class Anthropic {
  static final Dialect MESSAGES =
      new Dialect(
          ProviderKind.ANTHROPIC,
          ErrorShape.ANTHROPIC,
          Set.of(
              "model",
              "messages",
              "system",
              "stream",
              "metadata",
              "user",
              "output_config",
              "output_format"),
          new Opening(List.of("system"), "messages"),
          List.of(List.of("output_config", "format"), List.of("output_format")),
          Set.of("text"),
          false,
          Set.of(),
          new EventShape.TypedEvents(List.of("index"), List.of("_stop"), Set.of(), Set.of()),
          List.of(
              new SealedMember("thinking", "thinking", "signature"),
              new SealedMember("redacted_thinking", null, "data"),
              new SealedMember("web_search_result", null, "encrypted_content"),
              new SealedMember("web_search_result_location", null, "encrypted_index"),
              new SealedMember("encrypted_code_execution_result", null, "encrypted_stdout")));

  private Anthropic() {}
}
