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
          new ClientWords(Set.of("system", "messages")),
          new SystemPrompt.Member("system"),
          List.of(List.of("output_config", "format"), List.of("output_format")),
          Set.of("text"),
          false,
          Set.of(),
          new EventShape.TypedEvents(List.of("_stop"), Set.of(), Set.of(), Set.of(), Set.of()),
          List.of(
              new SealedObject("thinking", "thinking", List.of("signature")),
              new SealedObject("compaction", "content", List.of("signature", "encrypted_content")),
              new SealedObject("redacted_thinking", null, List.of("data")),
              new SealedObject("web_search_result", null, List.of("encrypted_content")),
              new SealedObject("web_search_result_location", null, List.of("encrypted_index")),
              new SealedObject(
                  "encrypted_code_execution_result", null, List.of("encrypted_stdout"))));

  private Anthropic() {}
}
