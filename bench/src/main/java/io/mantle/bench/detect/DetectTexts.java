package io.mantle.bench.detect;

import io.mantle.bench.prompt.Delivery;
import io.mantle.bench.prompt.Prompts;
import io.mantle.bench.prompt.Prompts.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What is looked at: texts as clients send them, and texts made to be slow. */
final class DetectTexts {
  static final int KB = 1 << 10;

  private static final List<String> PIECES =
      List.of(
          """
          From: Laura Bennett <laura.bennett@northwind-bikes.example>
          To: Sales; Date: Tue, 4 Mar 2025 09:12
          Hello Marcus, the order for 14 Harbour Street, Flat 3, Bristol BS1 4QA has not arrived. My number is \
          +44 20 7946 0958 and the invoice is NB-20931. Could you ask Priya in dispatch? Kind regards, Laura
          """,
          """
          {"customer": {"first_name": "Tomasz", "last_name": "Kowalski", "city": "Gdańsk", "iban": \
          "DE89 3704 0044 0532 0130 00", "vip": false}, "items": [{"sku": "A-1093", "qty": 2, "price": 19.90}], \
          "ip": "203.0.113.24", "created": "2025-03-04T09:12:44Z", "trace": "7f3c9a0e5b1d4c62"}
          """,
          """
          2025-03-04 09:12:44.120 INFO  [http-7] c.e.shop.CheckoutService - order 20931 accepted in 41 ms
          2025-03-04 09:12:44.133 WARN  [http-7] c.e.shop.MailSender - retry 2 of 5 for user j.keller, host 10.0.4.17
          java.net.SocketTimeoutException: Read timed out
              at java.base/sun.nio.ch.NioSocketImpl.timedRead(NioSocketImpl.java:278)
          """,
          """
          def total(items: list[dict], discount: float = 0.0) -> float:
              \"""Sum of price times quantity, less the discount.\"""
              return sum(i["price"] * i["qty"] for i in items) * (1 - discount)  # 12.5 % at most
          API_TOKEN = "example-not-a-secret"
          """,
          """
          Sehr geehrte Frau Neumann, am 12. Mai 2024 habe ich bei der Firma Bergland in Freiburg ein Fahrrad \
          bestellt. Bitte erstatten Sie den Betrag auf mein Konto. Mit freundlichen Grüßen, Jonas Albrecht, \
          Kaiserstraße 18, 79098 Freiburg
          """,
          """
          Summarise the meeting: Dr. Ahmed Hassan and Chloe Martin from Fabrikam want the migration to finish before \
          Easter. Budget is 40,000 euros. Open points: who trains the team in Lyon, and whether v2.3.1 is enough. \
          Chloe will call on Friday.
          """);

  private DetectTexts() {}

  /** Texts of 1,024 characters: prompts with and without private values, mail, JSON, logs, code. */
  static List<String> ordinary() {
    List<String> texts = new ArrayList<>();
    Stream.of(Kind.PRIVATE_1K, Kind.PLAIN_1K)
        .flatMap(kind -> Prompts.of(kind, Delivery.WHOLE).stream())
        .map(prompt -> repeated(prompt.text(), KB))
        .distinct()
        .forEach(texts::add);
    for (int first = 0; first < PIECES.size(); first++) {
      for (int step : new int[] {1, 5}) {
        StringBuilder text = new StringBuilder();
        for (int i = first; text.length() < KB; i += step) {
          text.append(PIECES.get(i % PIECES.size()));
        }
        texts.add(text.substring(0, KB));
      }
    }
    return texts;
  }

  /** All of {@link #ordinary()}, one after the other, up to {@code chars}. */
  static String ofLength(int chars) {
    return repeated(String.join("\n", ordinary()), chars);
  }

  /** Texts made so that what looks for a beginning finds one everywhere, by what they are. */
  static Map<String, String> hostile(int chars) {
    Map<String, String> units = new LinkedHashMap<>();
    units.put("digits", "4");
    units.put("digits in groups", "4111 1111 ");
    units.put("digits and hyphens", "1-2-");
    units.put("hyphens", "-");
    units.put("at signs", "@");
    units.put("a@a@a@", "a@");
    units.put("a.a.a.", "a.");
    units.put("small letters", "a");
    units.put("capitals", "A");
    units.put("capitalised words", "Aa ");
    units.put("opening brackets", "[");
    units.put("brackets", "([{}])");
    units.put("backslashes", "\\");
    units.put("nested escapes", "\\\\u0040\\u005c");
    units.put("percent signs", "%25");
    units.put("entities", "&amp;#64;");
    units.put("base64", "QUJD");
    units.put("colons", ":");
    units.put("hexadecimal groups", "ab:");
    units.put("slashes", "http://");
    units.put("quotes", "password: \"");
    units.put("spaces", " ");
    units.put("newlines", "\n");
    units.put("zero-width spaces", "\u200b");
    units.put("combining marks", "a\u0301\u0301\u0301");
    units.put("full-width digits", "\uff14");
    Map<String, String> texts = new LinkedHashMap<>();
    units.forEach((name, unit) -> texts.put(name, repeated(unit, chars)));
    return texts;
  }

  private static String repeated(String unit, int chars) {
    return unit.repeat(chars / unit.length() + 1).substring(0, chars);
  }
}
