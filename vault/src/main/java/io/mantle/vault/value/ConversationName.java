package io.mantle.vault.value;

import java.security.SecureRandom;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a conversation is called: its scope, from which its surrogates follow; and where several
 * conversations have one scope, which of them it is. What is kept is kept under both.
 *
 * <p>Two people who begin with the same words have the same scope, since their surrogates must stay
 * the same from turn to turn and nothing else tells who it is. So long as each resends what was
 * said nothing is kept that could be mixed up; what is kept of each has a part of its own.
 *
 * @param scope a keyed hash, or the name that a client or a provider gave
 * @param part which one of its scope; empty where it is alone there
 */
public record ConversationName(String scope, String part) {
  /** Characters of a part: 72 random bits. */
  public static final int PART_CHARS = 12;

  private static final int PART_BYTES = PART_CHARS * 6 / Byte.SIZE;
  private static final char DOT = '.';

  /** A name that a client gave may look so too; it is then taken as what it looks like. */
  private static final Pattern WITH_PART =
      Pattern.compile("([0-9a-f]{32})\\.([A-Za-z0-9_-]{" + PART_CHARS + "})");

  private static final SecureRandom RANDOM = new SecureRandom();

  /** Reads what {@link #text} says. */
  public static ConversationName parse(String text) {
    Matcher name = WITH_PART.matcher(text);
    return name.matches()
        ? new ConversationName(name.group(1), name.group(2))
        : new ConversationName(text, "");
  }

  /** A conversation of its own in this scope, which none was before. */
  public ConversationName withNewPart() {
    byte[] part = new byte[PART_BYTES];
    RANDOM.nextBytes(part);
    return new ConversationName(
        scope, Base64.getUrlEncoder().withoutPadding().encodeToString(part));
  }

  /** Whether others may have its scope. */
  public boolean isPart() {
    return !part.isEmpty();
  }

  /** As clients see it: {@code scope} or {@code scope.part}. */
  public String text() {
    return isPart() ? scope + DOT + part : scope;
  }
}
