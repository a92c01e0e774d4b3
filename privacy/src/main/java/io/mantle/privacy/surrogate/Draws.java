package io.mantle.privacy.surrogate;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.mantle.privacy.value.ConversationKey;
import java.nio.ByteBuffer;

/**
 * Where one candidate takes its random choices from.
 *
 * <p>What a stream depends on: the conversation's key, the word lists' version, a purpose, a value,
 * the probe and the attempt. Each part is written with its length, so no two of them share a
 * stream.
 */
final class Draws {
  private final ConversationKey key;
  private final byte[] listsVersion;
  private final int probe;
  private final int attempt;
  private final NameBook.Draft names;

  /**
   * For one candidate that is related to no other.
   *
   * @param probe how many candidates for this value were taken already
   * @param attempt how many drafts of this candidate were too like the original
   */
  Draws(ConversationKey key, byte[] listsVersion, int probe, int attempt) {
    this(key, listsVersion, probe, attempt, new NameBook().draft(false));
  }

  /** For one candidate whose names keep to what is known. */
  Draws(ConversationKey key, byte[] listsVersion, int probe, int attempt, NameBook.Draft names) {
    this.names = names;
    this.key = key;
    this.listsVersion = listsVersion;
    this.probe = probe;
    this.attempt = attempt;
  }

  /** The words of names that are known, and those that this candidate draws. */
  NameBook.Draft names() {
    return names;
  }

  int probe() {
    return probe;
  }

  /** The choices made for {@code purpose} about {@code value}. */
  KeyedStream about(String purpose, String value) {
    byte[] purposeBytes = purpose.getBytes(UTF_8);
    byte[] valueBytes = value.getBytes(UTF_8);
    ByteBuffer seed =
        ByteBuffer.allocate(
            listsVersion.length + purposeBytes.length + valueBytes.length + 5 * Integer.BYTES);
    seed.put(listsVersion)
        .putInt(purposeBytes.length)
        .put(purposeBytes)
        .putInt(valueBytes.length)
        .put(valueBytes)
        .putInt(probe)
        .putInt(attempt);
    return new KeyedStream(key, seed.array());
  }

  /** The same for every candidate: what holds a conversation's surrogates together. */
  Draws steady() {
    return isSteady() ? this : new Draws(key, listsVersion, 0, 0, names);
  }

  /** Whether this is the first draft of a value's first candidate. */
  boolean isSteady() {
    return probe == 0 && attempt == 0;
  }
}
