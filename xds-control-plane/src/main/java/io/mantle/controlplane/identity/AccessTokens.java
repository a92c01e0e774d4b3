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
 * Access tokens: JWTs signed with HMAC-SHA256 by a key that all control planes of a database share.
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

  private final TokenKeys stored;
  private final Clock clock;
  private volatile @Nullable List<TokenKey> known;

  public AccessTokens(TokenKeys stored, Clock clock) {
    this.stored = stored;
    this.clock = clock;
  }

  /** A new one for a session. */
  public String issue(UUID sessionId, UUID accountId) {
    TokenKey key = keys().getFirst();
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

  private Optional<TokenKey> key(String id) {
    return keys().stream().filter(key -> key.id().toString().equals(id)).findFirst();
  }

  private List<TokenKey> keys() {
    List<TokenKey> read = known;
    if (read == null) {
      read = stored.all();
      known = read;
    }
    return read;
  }
}
