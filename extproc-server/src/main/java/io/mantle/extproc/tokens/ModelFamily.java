package io.mantle.extproc.tokens;

import io.mantle.extproc.value.ProviderKind;
import java.util.List;
import java.util.Locale;

/** Models that cut texts into tokens alike, as far as is known outside of their makers. */
public enum ModelFamily {
  /** OpenAI's current models, by their own vocabulary. */
  OPENAI(Vocabulary.O200K, 100),

  /** OpenAI's older ones, and its embeddings, by theirs. */
  OPENAI_OLDER(Vocabulary.CL100K, 100),

  /**
   * Anthropic publishes no vocabulary. Published comparisons find 15 to 30 % more tokens than
   * OpenAI's for the same English text or code.
   */
  ANTHROPIC(Vocabulary.O200K, 120),

  /** Whoever speaks OpenAI's dialect besides; their vocabularies are of like sizes. */
  UNKNOWN(Vocabulary.O200K, 100);

  private static final List<String> OLDER =
      List.of("gpt-3.5", "gpt-35", "text-embedding-", "davinci-002", "babbage-002");
  private static final List<String> CURRENT =
      List.of("gpt-4o", "gpt-4.", "gpt-5", "gpt-oss", "chatgpt-", "o1", "o3", "o4");

  private final Vocabulary vocabulary;
  private final int percent;

  ModelFamily(Vocabulary vocabulary, int percent) {
    this.vocabulary = vocabulary;
    this.percent = percent;
  }

  Vocabulary vocabulary() {
    return vocabulary;
  }

  /** How many tokens it makes of as many of its vocabulary's. */
  long scaled(long tokens) {
    return (tokens * percent + 99) / 100;
  }

  /**
   * The family of a model.
   *
   * @param spoken whose dialect it is asked in
   * @param model as the provider calls it, a name of its reseller's before it or not; empty where
   *     that is not known
   */
  public static ModelFamily of(ProviderKind spoken, String model) {
    return switch (spoken) {
      case ANTHROPIC -> ANTHROPIC;
      case OPENAI -> {
        String name = model.substring(model.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
        if (name.startsWith("claude")) {
          yield ANTHROPIC;
        }
        if (CURRENT.stream().anyMatch(name::startsWith)) {
          yield OPENAI;
        }
        boolean older = name.startsWith("gpt-4") || OLDER.stream().anyMatch(name::startsWith);
        yield older ? OPENAI_OLDER : UNKNOWN;
      }
    };
  }
}
