package io.mantle.controlplane.identity;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.mantle.controlplane.database.TokenKeys;
import io.mantle.controlplane.database.TokenKeys.TokenKey;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Access tokens: JWTs signed with HMAC-SHA256 by a key that all control planes of a database share,
 * named by {@code kid}. After a rotation the newest signs and the one before is still accepted.
 * They say whose session it is and no more; what its account may do is looked up with each request,
 * so that a role taken away or a logout holds at once. Thread-safe.
 */
public final class AccessTokens {
  /** How long one is good. */
  public static final Duration LIFE = Duration.ofMinutes(15);

  private static final String ISSUER = "mantle";
  private static final String AUDIENCE = "mantle-admin";
  private static final JOSEObjectType TYPE = new JOSEObjectType("at+jwt");
  private static final String SESSION = "sid";
  private static final int CHARS_MAX = 2_000;

  /** Within {@link TokenKeys#OVERLAP} less {@link #LIFE}: no key goes while we may sign with it. */
  private static final Duration REREAD_AFTER = Duration.ofMinutes(1);

  /** Of a token whose key is not known: it may be one that another control plane has just made. */
  private static final Duration REREAD_UNKNOWN_AFTER = Duration.ofSeconds(1);

  private final TokenKeys stored;
  private final Clock clock;
  private volatile @Nullable Known known;

  private record Known(List<TokenKey> keys, Instant readAt) {}

  public AccessTokens(TokenKeys stored, Clock clock) {
    this.stored = stored;
    this.clock = clock;
  }

  /** A new one for a session. */
  public String issue(UUID sessionId, UUID accountId) {
    TokenKey key = keys(REREAD_AFTER).getFirst();
    Instant now = clock.instant();
    SignedJWT token =
        new SignedJWT(
            new JWSHeader.Builder(JWSAlgorithm.HS256).type(TYPE).keyID(key.id().toString()).build(),
            new JWTClaimsSet.Builder()
                .issuer(ISSUER)
                .audience(AUDIENCE)
                .subject(accountId.toString())
                .claim(SESSION, sessionId.toString())
                .jwtID(UUID.randomUUID().toString())
                .issueTime(Date.from(now))
                .expirationTime(Date.from(now.plus(LIFE)))
                .build());
    try {
      token.sign(new MACSigner(key.key().reveal()));
    } catch (JOSEException e) {
      throw new IllegalStateException("signing failed", e);
    }
    return token.serialize();
  }

  /** The session of a token that is ours and not too old. */
  public Optional<UUID> session(String text) {
    if (text.length() > CHARS_MAX) {
      return Optional.empty();
    }
    try {
      SignedJWT token = SignedJWT.parse(text);
      JWSHeader header = token.getHeader();
      if (!JWSAlgorithm.HS256.equals(header.getAlgorithm())
          || !TYPE.equals(header.getType())
          || header.getKeyID() == null) {
        return Optional.empty();
      }
      Optional<TokenKey> key = key(header.getKeyID());
      if (key.isEmpty() || !token.verify(new MACVerifier(key.get().key().reveal()))) {
        return Optional.empty();
      }
      JWTClaimsSet claims = token.getJWTClaimsSet();
      Date expires = claims.getExpirationTime();
      String session = claims.getStringClaim(SESSION);
      boolean good =
          ISSUER.equals(claims.getIssuer())
              && claims.getAudience().equals(List.of(AUDIENCE))
              && expires != null
              && clock.instant().isBefore(expires.toInstant())
              && session != null;
      return good ? Optional.of(UUID.fromString(session)) : Optional.empty();
    } catch (ParseException | JOSEException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** Signs with a new key from now on; other control planes follow within a minute. */
  public UUID rotateKey() {
    UUID id = stored.rotate();
    known = null;
    return id;
  }

  private Optional<TokenKey> key(String id) {
    return find(keys(REREAD_AFTER), id).or(() -> find(keys(REREAD_UNKNOWN_AFTER), id));
  }

  private static Optional<TokenKey> find(List<TokenKey> keys, String id) {
    return keys.stream().filter(key -> key.id().toString().equals(id)).findFirst();
  }

  private List<TokenKey> keys(Duration age) {
    Optional<List<TokenKey>> fresh = keysRead(age);
    return fresh.isPresent() ? fresh.get() : reread(age);
  }

  /** One at a time: who sends tokens of unknown keys has the database asked once a second. */
  private synchronized List<TokenKey> reread(Duration age) {
    Optional<List<TokenKey>> fresh = keysRead(age);
    if (fresh.isPresent()) {
      return fresh.get();
    }
    Known read = new Known(stored.all(), clock.instant());
    known = read;
    return read.keys;
  }

  private Optional<List<TokenKey>> keysRead(Duration age) {
    Known read = known;
    return read != null && clock.instant().isBefore(read.readAt.plus(age))
        ? Optional.of(read.keys)
        : Optional.empty();
  }
}
