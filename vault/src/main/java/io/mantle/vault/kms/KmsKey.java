package io.mantle.vault.kms;

import io.github.resilience4j.circuitbreaker.CallNotPermittedException;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.core.IntervalFunction;
import io.github.resilience4j.retry.Retry;
import io.github.resilience4j.retry.RetryConfig;
import io.mantle.vault.keys.RemoteKey;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A key in a service, asked so that the caller never waits without end: each attempt has a
 * time-out, what may pass is tried again with growing pauses, and a service that keeps failing is
 * left alone for a while.
 */
final class KmsKey implements RemoteKey {
  private static final double BACKOFF_GROWTH = 2;
  private static final double BACKOFF_SPREAD = 0.5;
  private static final int BREAKER_CALLS = 10;
  private static final int BREAKER_CALLS_MIN = 5;

  private final KmsUri uri;
  private final KmsClient client;
  private final KmsTimes times;
  private final Retry retry;
  private final CircuitBreaker breaker;
  private final ExecutorService calls =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("kms-call").factory());

  KmsKey(KmsUri uri, KmsClient client, KmsTimes times) {
    this.uri = uri;
    this.client = client;
    this.times = times;
    this.retry =
        Retry.of(
            "kms",
            RetryConfig.custom()
                .maxAttempts(times.attemptsMax())
                .intervalFunction(
                    IntervalFunction.ofExponentialRandomBackoff(
                        times.backoffFirst(), BACKOFF_GROWTH, BACKOFF_SPREAD))
                .retryOnException(KmsKey::isPassing)
                .build());
    this.breaker =
        CircuitBreaker.of(
            "kms",
            CircuitBreakerConfig.custom()
                .slidingWindowSize(BREAKER_CALLS)
                .minimumNumberOfCalls(BREAKER_CALLS_MIN)
                .waitDurationInOpenState(times.breakerOpen())
                .permittedNumberOfCallsInHalfOpenState(1)
                .recordException(KmsKey::isPassing)
                .build());
  }

  private static boolean isPassing(Throwable failure) {
    return failure instanceof KmsFailureException kms && kms.isPassing();
  }

  @Override
  public String uri() {
    return uri.text();
  }

  @Override
  public byte[] encrypt(byte[] key) throws GeneralSecurityException, IOException {
    return call(() -> client.encrypt(key));
  }

  @Override
  public byte[] decrypt(byte[] sealed) throws GeneralSecurityException, IOException {
    return call(() -> client.decrypt(sealed));
  }

  private byte[] call(Callable<byte[]> exchange) throws GeneralSecurityException, IOException {
    try {
      return retry.executeCallable(() -> breaker.executeCallable(() -> inTime(exchange)));
    } catch (KmsFailureException e) {
      throw e.at(client.service());
    } catch (CallNotPermittedException e) {
      throw KmsFailureException.passing("failed too often and is asked again in a moment")
          .at(client.service());
    } catch (GeneralSecurityException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException("no such exception is thrown", e);
    }
  }

  private byte[] inTime(Callable<byte[]> exchange)
      throws GeneralSecurityException, KmsFailureException {
    Future<byte[]> answer = calls.submit(exchange);
    try {
      return answer.get(times.callTimeout().toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      answer.cancel(true);
      throw KmsFailureException.passing("did not answer in time");
    } catch (InterruptedException e) {
      answer.cancel(true);
      Thread.currentThread().interrupt();
      throw KmsFailureException.lasting("was asked by a thread that is to end");
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case KmsFailureException failure -> throw failure;
        case GeneralSecurityException failure -> throw failure;
        case null, default -> throw new IllegalStateException("asking a service failed", e);
      }
    }
  }
}
