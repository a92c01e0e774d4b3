package io.mantle.extproc.tokens;

import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.Encoding;
import com.knuddels.jtokkit.api.EncodingType;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts tokens. A vocabulary is read when it is first needed, on a thread of its own; until it is
 * there, four bytes of text count as a token. Thread-safe; never waits.
 */
public final class Tokenizers {
  private static final Logger log = LoggerFactory.getLogger(Tokenizers.class);
  private final Map<Vocabulary, Table> tables = new EnumMap<>(Vocabulary.class);

  public Tokenizers() {
    for (Vocabulary vocabulary : Vocabulary.values()) {
      tables.put(vocabulary, new Table(vocabulary));
    }
  }

  /** What a prompt is thought to cost. */
  public long count(ModelFamily family, PromptSample prompt) {
    return family.scaled(prompt.tokens(counter(family)));
  }

  /** What was said is thought to cost. */
  public long count(ModelFamily family, SaidText said) {
    return family.scaled(said.tokens(counter(family)));
  }

  /** Reads what this family needs, and waits until it is there. */
  public void load(ModelFamily family) {
    table(family).load();
  }

  private BoundedCount counter(ModelFamily family) {
    Encoding encoding = table(family).readOrAsk();
    return encoding == null
        ? BoundedCount.BY_BYTES
        : new BoundedCount(encoding::countTokensOrdinary);
  }

  private Table table(ModelFamily family) {
    return Objects.requireNonNull(tables.get(family.vocabulary()));
  }

  /** One vocabulary, as soon as it was needed. */
  private static final class Table {
    private final Vocabulary vocabulary;
    private final AtomicBoolean asked = new AtomicBoolean();
    private volatile @Nullable Encoding read;

    private Table(Vocabulary vocabulary) {
      this.vocabulary = vocabulary;
    }

    private @Nullable Encoding readOrAsk() {
      if (read == null && !asked.getAndSet(true)) {
        Thread.ofPlatform().daemon().name("vocabulary-" + vocabulary).start(this::load);
      }
      return read;
    }

    private void load() {
      try {
        read =
            Encodings.newLazyEncodingRegistry()
                .getEncoding(
                    switch (vocabulary) {
                      case O200K -> EncodingType.O200K_BASE;
                      case CL100K -> EncodingType.CL100K_BASE;
                    });
      } catch (RuntimeException | OutOfMemoryError e) {
        log.warn("{} cannot be read, so tokens are estimated by bytes: {}", vocabulary, e);
      }
    }
  }
}
