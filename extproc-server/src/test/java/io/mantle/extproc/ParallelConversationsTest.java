package io.mantle.extproc;

import static io.mantle.extproc.scripted.SpokenText.quoted;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.mantle.extproc.response.ResponsePipeline;
import io.mantle.extproc.scripted.Gateway;
import io.mantle.extproc.scripted.Sent;
import io.mantle.extproc.scripted.SpokenText;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/**
 * Many conversations of one key at once: each gets its own values back, whatever the others say,
 * and what is another's stays a surrogate.
 */
class ParallelConversationsTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int CONVERSATIONS = 16;
  private static final int TURNS = 40;
  private static final Gateway GATEWAY = Gateway.of();

  /** One client's request, and what the provider read. */
  private record Conversation(String said, Sent sent, String seen) {
    static Conversation of(int number) throws Exception {
      String said =
          "I am Maria Garcia, maria%d@corp.example, card 4111 1111 1111 1111, case %d."
              .formatted(number, number);
      Sent sent =
          GATEWAY.send(
              "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":%s}]}"
                  .formatted(quoted(said)));
      String seen = JSON.readTree(sent.departure().body()).at("/messages/0/content").asText();
      return new Conversation(said, sent, seen);
    }
  }

  @Test
  void conversations_onManyThreads_getTheirOwnValuesBack() throws Exception {
    List<Future<Void>> running = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      for (int i = 0; i < CONVERSATIONS; i++) {
        int number = i;
        running.add(
            threads.submit(
                () -> {
                  Random random = new Random(number);
                  for (int turn = 0; turn < TURNS; turn++) {
                    Conversation conversation = Conversation.of(number);
                    assertThat(conversation.seen()).doesNotContain("corp.example", "4111");
                    byte[] stream = stream(conversation.seen(), random);
                    assertThat(SpokenText.heard(conversation.sent().answer(Sent.SSE, stream)))
                        .containsEntry("0.content", conversation.said());
                  }
                  return null;
                }));
      }
    }
    for (Future<Void> done : running) {
      done.get();
    }
  }

  @Test
  void answers_thatTakeTurnsOnOneThread_areNotMixed() throws Exception {
    Random random = new Random(5);
    List<Conversation> conversations = new ArrayList<>();
    List<ResponsePipeline> pipelines = new ArrayList<>();
    List<byte[]> streams = new ArrayList<>();
    List<ByteArrayOutputStream> clients = new ArrayList<>();
    for (int i = 0; i < CONVERSATIONS; i++) {
      Conversation conversation = Conversation.of(i);
      conversations.add(conversation);
      pipelines.add(conversation.sent().answering(200, Sent.SSE));
      streams.add(stream(conversation.seen(), random));
      clients.add(new ByteArrayOutputStream());
    }
    int longest = streams.stream().mapToInt(stream -> stream.length).max().orElseThrow();
    for (int at = 0; at < longest; at += 3) {
      for (int i = 0; i < CONVERSATIONS; i++) {
        byte[] stream = streams.get(i);
        int from = Math.min(at, stream.length);
        int to = Math.min(at + 3, stream.length);
        clients.get(i).writeBytes(pipelines.get(i).accept(Arrays.copyOfRange(stream, from, to)));
      }
    }
    for (int i = 0; i < CONVERSATIONS; i++) {
      clients.get(i).writeBytes(pipelines.get(i).finish());
      assertThat(SpokenText.heard(clients.get(i).toByteArray()))
          .containsEntry("0.content", conversations.get(i).said());
    }
  }

  /** The same person has another surrogate in each, and none restores another's. */
  @Test
  void surrogates_ofAnotherConversation_stay() throws Exception {
    Set<String> seen = new HashSet<>();
    List<Conversation> conversations = new ArrayList<>();
    for (int i = 0; i < CONVERSATIONS; i++) {
      Conversation conversation = Conversation.of(i);
      conversations.add(conversation);
      assertThat(seen.add(conversation.seen().substring(0, conversation.seen().indexOf(", card"))))
          .isTrue();
    }
    for (Conversation mine : conversations) {
      for (Conversation other : conversations) {
        if (!mine.equals(other)) {
          String answer =
              "{\"choices\":[{\"message\":{\"content\":%s}}]}".formatted(quoted(other.seen()));
          assertThat(mine.sent().answer(Sent.JSON, answer)).doesNotContain("@corp.example");
        }
      }
    }
  }

  private static byte[] stream(String text, Random random) {
    StringBuilder stream = new StringBuilder();
    SpokenText.pieces(text, random, 6)
        .forEach(piece -> stream.append(SpokenText.content(0, piece)));
    return stream
        .append(SpokenText.finish(0))
        .append("data: [DONE]\n\n")
        .toString()
        .getBytes(UTF_8);
  }
}
