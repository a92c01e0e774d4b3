package io.mantle.extproc.dialect;

import io.mantle.extproc.value.ProviderKind;
import java.util.List;
import java.util.Set;

/**
 * What OpenAI's API reference names ("Create chat completion", "The chat completion chunk object",
 * "Create a model response", "Streaming events", "Create embeddings").
 */
final class OpenAi {
  private static final Opening BY_MESSAGES = new Opening(List.of(), "messages");

  static final Dialect CHAT_COMPLETIONS =
      new Dialect(
          ProviderKind.OPENAI,
          ErrorShape.OPENAI,
          Set.of(
              "model",
              "messages",
              "stream",
              "stream_options",
              "response_format",
              "user",
              "metadata"),
          BY_MESSAGES,
          new ClientWords(Set.of("messages")),
          new SystemPrompt.Turn("messages", "system"),
          List.of(List.of("response_format")),
          Set.of("content"),
          true,
          Set.of(),
          new EventShape.Choices(Set.of("role", "id", "type", "name", "tool_call_id")),
          List.of());

  static final Dialect COMPLETIONS =
      new Dialect(
          ProviderKind.OPENAI,
          ErrorShape.OPENAI,
          Set.of("model", "prompt", "stream", "stream_options", "user", "metadata"),
          new Opening(List.of("prompt"), null),
          new ClientWords(Set.of("prompt")),
          new SystemPrompt.None(),
          List.of(),
          Set.of(),
          true,
          Set.of("prompt"),
          new EventShape.Choices(Set.of()),
          List.of());

  /**
   * All embeddings of a caller belong to one conversation: a name in a question has to be near the
   * same name in a document.
   */
  static final Dialect EMBEDDINGS =
      new Dialect(
          ProviderKind.OPENAI,
          ErrorShape.OPENAI,
          Set.of("model", "input", "stream", "user", "metadata"),
          new Opening(List.of(), null),
          new ClientWords(Set.of()),
          new SystemPrompt.None(),
          List.of(),
          Set.of(),
          false,
          Set.of("input"),
          new EventShape.TypedEvents(List.of(), Set.of(), Set.of(), Set.of(), Set.of()),
          List.of());

  static final Dialect RESPONSES =
      new Dialect(
          ProviderKind.OPENAI,
          ErrorShape.OPENAI_RESPONSES,
          Set.of(
              "model",
              "input",
              "instructions",
              "stream",
              "text",
              "user",
              "metadata",
              "conversation",
              "previous_response_id"),
          new Opening(List.of("instructions", "previous_response_id"), "input"),
          new ClientWords(Set.of("instructions", "input")),
          new SystemPrompt.Member("instructions"),
          List.of(List.of("text", "format")),
          Set.of("text"),
          false,
          Set.of(),
          new EventShape.TypedEvents(
              List.of(".done", ".completed", ".failed", ".incomplete"),
              Set.of("response.function_call_arguments.delta", "response.mcp_call_arguments.delta"),
              Set.of("response.custom_tool_call_input.delta"),
              Set.of("response.custom_tool_call_input.done"),
              Set.of("response.output_text.delta")),
          List.of(
              new SealedObject("reasoning", null, List.of("encrypted_content")),
              new SealedObject("compaction", null, List.of("encrypted_content"))));

  private OpenAi() {}
}
