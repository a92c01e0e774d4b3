package io.mantle.extproc;

import io.mantle.extproc.limit.Limiter;
import io.mantle.extproc.tenant.Freshness;
import io.mantle.vault.Vault;
import java.time.Duration;
import java.util.Locale;

/**
 * How this server stands with what it leans on, as it knows it without asking anybody: so a look
 * never waits, and what is away shows once something needed it.
 */
record Health(Database db, Redis redis) {

  /** The control plane tells every second; Postgres on a bad day takes a few. */
  private static final Duration WORD_AGE_MAX = Duration.ofSeconds(10);

  /** Postgres, which only the control plane asks. */
  enum Database {
    UP,
    /** The control plane is there, and has not been in touch with it for a while. */
    DOWN,
    /** The control plane is not there to tell, or does not. */
    UNKNOWN
  }

  /** That of the vault and that of the limits, together. */
  enum Redis {
    UP,
    /** Questions to one of them fail, or it could not be reached yet. */
    DOWN,
    NONE
  }

  static Health of(Freshness freshness, Vault vault, Limiter limiter, boolean limitsOnRedis) {
    Database db =
        freshness
            .ageAtLastWord(WORD_AGE_MAX)
            .map(age -> age.compareTo(WORD_AGE_MAX) <= 0 ? Database.UP : Database.DOWN)
            .orElse(Database.UNKNOWN);
    if (!vault.isShared() && !limitsOnRedis) {
      return new Health(db, Redis.NONE);
    }
    boolean up = vault.isAvailable() && (!limitsOnRedis || limiter.isShared());
    return new Health(db, up ? Redis.UP : Redis.DOWN);
  }

  String json() {
    boolean up = db == Database.UP && redis != Redis.DOWN;
    return "{\"status\":\"%s\",\"db\":\"%s\",\"redis\":\"%s\"}"
        .formatted(up ? "up" : "degraded", word(db), word(redis));
  }

  private static String word(Enum<?> state) {
    return state.name().toLowerCase(Locale.ROOT);
  }
}
