package io.mantle.bench.prompt;

import java.util.List;
import java.util.Locale;

/**
 * A made-up conversation of a support desk with a model: two people with what belongs to them, a
 * few more who come and go, and much that is nothing private. No two conversations, and no two
 * messages of one, are equal.
 *
 * @param index which conversation
 */
public record Conversation(int index) {
  private static final List<String> FIRST =
      List.of("Jane", "Miguel", "Katharina", "Robert", "Aisha", "Tomasz", "Chloe", "Henrik");
  private static final List<String> LAST =
      List.of("Kowalski", "Fernandez", "Hoffmann", "Whitaker", "Rahman", "Lindqvist", "Moreau");

  private static final List<String> PRIVATE =
      List.of(
          "%s called again from %s and would like to have the invoice sent to %s instead.",
          "Please tell %s that we tried %s twice, and wrote to %s as well.",
          "The complaint came from %s (%s), with a copy to %s.",
          "%s moved last month; the new number is %s, the address stays %s.");

  private static final List<String> PLAIN =
      List.of(
          "The parcel was due on the day before and the tracking page number %d has not changed since.",
          "Please keep the tone friendly and the letter shorter than %d lines.",
          "We would like to know which of the %d plans is cheaper over a whole year.",
          "The screen stays dark after update %d, although the lamp at the side is on.",
          "A table with three columns would be best, row %d for the totals.",
          "Nothing else was changed on the order in the last %d days.",
          "If part %d is not in stock, a refund is fine as well.",
          "Invoice line %d lists the same item twice, so the sum is too high.");

  private static final int USER_SENTENCES = 5;
  private static final int ASSISTANT_SENTENCES = 8;

  /** The body of the request of a turn, from 1: the whole history and the new message. */
  public String request(int turn) {
    StringBuilder body = new StringBuilder("{\"model\":\"m\",\"messages\":[");
    body.append("{\"role\":\"system\",\"content\":\"You help the support desk of a shop. Answer ");
    body.append("briefly, ask where something is unclear, and never promise a refund.\"}");
    for (int message = 1; message <= turn; message++) {
      body.append(",{\"role\":\"user\",\"content\":\"").append(text(message, true)).append("\"}");
      if (message < turn) {
        body.append(",{\"role\":\"assistant\",\"content\":\"");
        body.append(text(message, false)).append("\"}");
      }
    }
    return body.append("]}").toString();
  }

  private String text(int message, boolean user) {
    StringBuilder text = new StringBuilder();
    int sentences = user ? USER_SENTENCES : ASSISTANT_SENTENCES;
    for (int i = 0; i < sentences; i++) {
      int number = 31 * index + 7 * message + i;
      if (i == 1) {
        // The two who it is about, and in every third message somebody else.
        int person = message % 3 == 0 ? 2 + message : message % 2;
        text.append(ofPerson(person, number));
      } else {
        text.append(PLAIN.get(number % PLAIN.size()).formatted(number));
      }
      text.append(' ');
    }
    return text.toString();
  }

  private String ofPerson(int person, int number) {
    int of = index + person;
    String first = FIRST.get(of % FIRST.size());
    String last = LAST.get(of % LAST.size());
    String email = (first + "." + last).toLowerCase(Locale.ROOT) + of + "@acme-mail.com";
    return PRIVATE
        .get(number % PRIVATE.size())
        .formatted(first + " " + last, "+1 415 555 01%02d".formatted(of % 100), email);
  }
}
