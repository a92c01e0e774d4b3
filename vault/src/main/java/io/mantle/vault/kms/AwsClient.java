package io.mantle.vault.kms;

import java.net.URI;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.kms.KmsClientBuilder;
import software.amazon.awssdk.services.kms.model.IncorrectKeyException;
import software.amazon.awssdk.services.kms.model.InvalidCiphertextException;

/**
 * AWS KMS, by the AWS SDK for Java 2: {@code Encrypt} and {@code Decrypt}, with credentials from
 * wherever AWS's own tools take them: the environment, a profile, a web identity (EKS), the
 * container's or the instance's role. The region is the one in the key's ARN.
 */
final class AwsClient implements KmsClient {
  private final KmsUri.Aws uri;
  private final String host;
  private final AwsCredentialsProvider credentials;
  private final software.amazon.awssdk.services.kms.KmsClient kms;

  AwsClient(KmsUri.Aws uri, Map<String, String> environment, Duration timeout) {
    this.uri = uri;
    this.credentials = credentials(environment);
    KmsClientBuilder builder =
        software.amazon.awssdk.services.kms.KmsClient.builder()
            .region(Region.of(uri.region()))
            .credentialsProvider(credentials)
            .httpClientBuilder(
                UrlConnectionHttpClient.builder().connectionTimeout(timeout).socketTimeout(timeout))
            .overrideConfiguration(
                // Attempts are counted and timed where those of all services are.
                override -> override.retryStrategy(AwsRetryStrategy.doNotRetry()));
    Optional<URI> endpoint =
        Optional.ofNullable(environment.get("AWS_ENDPOINT_URL_KMS"))
            .or(() -> Optional.ofNullable(environment.get("AWS_ENDPOINT_URL")))
            .filter(text -> !text.isEmpty())
            .map(URI::create);
    endpoint.ifPresent(builder::endpointOverride);
    this.host = endpoint.map(URI::getAuthority).orElse("kms." + uri.region() + ".amazonaws.com");
    this.kms = builder.build();
  }

  private static AwsCredentialsProvider credentials(Map<String, String> environment) {
    String id = environment.getOrDefault("AWS_ACCESS_KEY_ID", "");
    String secret = environment.getOrDefault("AWS_SECRET_ACCESS_KEY", "");
    String session = environment.getOrDefault("AWS_SESSION_TOKEN", "");
    if (id.isEmpty() || secret.isEmpty()) {
      return DefaultCredentialsProvider.builder().build();
    }
    AwsCredentials given =
        session.isEmpty()
            ? AwsBasicCredentials.create(id, secret)
            : AwsSessionCredentials.create(id, secret, session);
    return StaticCredentialsProvider.create(given);
  }

  @Override
  public String service() {
    return "AWS KMS at " + host;
  }

  @Override
  public byte[] encrypt(byte[] key) throws GeneralSecurityException, KmsFailureException {
    return asked(
        () ->
            kms.encrypt(request -> request.keyId(uri.arn()).plaintext(SdkBytes.fromByteArray(key)))
                .ciphertextBlob());
  }

  @Override
  public byte[] decrypt(byte[] sealed) throws GeneralSecurityException, KmsFailureException {
    return asked(
        () ->
            kms.decrypt(
                    request ->
                        request.keyId(uri.arn()).ciphertextBlob(SdkBytes.fromByteArray(sealed)))
                .plaintext());
  }

  private interface Question {
    SdkBytes ask();
  }

  private byte[] asked(Question question) throws GeneralSecurityException, KmsFailureException {
    requireCredentials();
    try {
      SdkBytes answer = question.ask();
      if (answer == null) {
        throw KmsFailureException.passing("answered with something else than its API says");
      }
      return answer.asByteArray();
    } catch (InvalidCiphertextException | IncorrectKeyException e) {
      throw new GeneralSecurityException("the key management service does not open it");
    } catch (AwsServiceException e) {
      throw said(e);
    } catch (SdkException e) {
      throw KmsFailureException.passing("cannot be reached (" + e.getClass().getSimpleName() + ")");
    }
  }

  private void requireCredentials() throws KmsFailureException {
    try {
      var _ = credentials.resolveCredentials();
    } catch (AwsServiceException e) {
      // Of STS, when the credentials it gave are to be renewed.
      String what = "has no credentials any more: who gives them answered with status " + shown(e);
      throw isPassing(e) ? KmsFailureException.passing(what) : KmsFailureException.lasting(what);
    } catch (SdkClientException e) {
      throw KmsFailureException.lasting(
          "has no credentials: none in the environment, a profile, or the role of the machine");
    }
  }

  /** By its code alone: AWS's messages name accounts and principals. */
  private static KmsFailureException said(AwsServiceException e) {
    return isPassing(e)
        ? KmsFailureException.passing("answered with status " + shown(e))
        : KmsFailureException.lasting("refused with status " + shown(e));
  }

  private static boolean isPassing(AwsServiceException e) {
    return e.isThrottlingException() || e.statusCode() == 429 || e.statusCode() >= 500;
  }

  private static String shown(AwsServiceException e) {
    String code = e.awsErrorDetails() == null ? null : e.awsErrorDetails().errorCode();
    return e.statusCode()
        + (code != null && code.matches("[A-Za-z]{1,64}") ? " (" + code + ")" : "");
  }
}
