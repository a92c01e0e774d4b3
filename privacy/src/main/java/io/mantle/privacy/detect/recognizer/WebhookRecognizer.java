package io.mantle.privacy.detect.recognizer;

import io.mantle.privacy.detect.passage.CharClass;
import io.mantle.privacy.detect.passage.Passage;
import io.mantle.privacy.value.EntityType;
import io.mantle.privacy.value.Span;
import java.util.function.Consumer;

/**
 * Addresses that are their own password: the webhooks of Slack, Discord, Microsoft Teams and Google
 * Chat. What is secret is the path behind the host.
 */
final class WebhookRecognizer implements Recognizer {
  private static final int CHARS_MIN = 16;
  private static final int CHARS_MAX = 1_024;

  private static final String[] PLACES = {
    "hooks.slack.com/services/",
    "hooks.slack.com/workflows/",
    "hooks.slack.com/triggers/",
    "discord.com/api/webhooks/",
    "discordapp.com/api/webhooks/",
    "webhook.office.com/webhookb2/",
    "outlook.office.com/webhook/",
    "chat.googleapis.com/v1/spaces/",
    "hooks.zapier.com/hooks/catch/"
  };

  @Override
  public void recognize(Passage passage, Consumer<Span> found) {
    if (!passage.hasSlash()) {
      return;
    }
    String text = passage.text();
    for (String place : PLACES) {
      int from = 0;
      for (int at = text.indexOf(place); at >= 0; at = text.indexOf(place, from)) {
        int start = at + place.length();
        int high = Math.min(text.length(), start + CHARS_MAX);
        int end = start;
        while (end < high && isPart(text.charAt(end))) {
          end++;
        }
        while (end > start && ".,?&".indexOf(text.charAt(end - 1)) >= 0) {
          end--;
        }
        if (end - start >= CHARS_MIN && Plausible.isRandom(text.substring(start, end))) {
          found.accept(new Span(start, end, EntityType.PASSWORD_OR_SECRET, 0.95));
        }
        from = Math.max(start, end);
      }
    }
  }

  private static boolean isPart(char c) {
    return CharClass.isAsciiAlnum(c) || "/-_=&?%.@".indexOf(c) >= 0;
  }
}
