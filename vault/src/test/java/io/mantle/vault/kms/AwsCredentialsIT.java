package io.mantle.vault.kms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mantle.vault.keys.KeyChain;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Credentials that AWS's SDK finds where {@code AWS_ACCESS_KEY_ID} is not set, against a scripted
 * peer of each place. A test cannot set its own environment: the SDK's system property stands for
 * each variable.
 */
final class AwsCredentialsIT {
  private static final byte[] KEY = new byte[32];
  private static final byte[] PLACE = {1};
  private static final KmsTimes TIMES =
      new KmsTimes(Duration.ofSeconds(10), 1, Duration.ofMillis(5), Duration.ofSeconds(60));

  /** By variable; as {@code SdkSystemSetting} of the SDK names them. */
  private static final Map<String, String> PROPERTIES =
      Map.of(
          "AWS_REGION", "aws.region",
          "AWS_ROLE_ARN", "aws.roleArn",
          "AWS_WEB_IDENTITY_TOKEN_FILE", "aws.webIdentityTokenFile",
          "AWS_ENDPOINT_URL_STS", "aws.endpointUrlSts",
          "AWS_CONTAINER_CREDENTIALS_FULL_URI", "aws.containerCredentialsFullUri",
          "AWS_CONTAINER_AUTHORIZATION_TOKEN", "aws.containerAuthorizationToken",
          "AWS_EC2_METADATA_SERVICE_ENDPOINT", "aws.ec2MetadataServiceEndpoint",
          "AWS_SHARED_CREDENTIALS_FILE", "aws.sharedCredentialsFile",
          "AWS_CONFIG_FILE", "aws.configFile",
          "AWS_PROFILE", "aws.profile");

  @TempDir Path folder;
  private final Map<String, @Nullable String> before = new HashMap<>();
  private ScriptedAws service;

  @BeforeEach
  void start() throws Exception {
    assumeTrue(System.getenv("AWS_ACCESS_KEY_ID") == null, "this machine has keys of its own");
    service = new ScriptedAws();
    // Nothing of this machine's, and nothing that has to be asked of a network.
    set("AWS_REGION", "eu-central-1");
    set("AWS_SHARED_CREDENTIALS_FILE", folder.resolve("none").toString());
    set("AWS_CONFIG_FILE", folder.resolve("none").toString());
    set("AWS_EC2_METADATA_SERVICE_ENDPOINT", "http://127.0.0.1:1");
  }

  @AfterEach
  void stop() {
    if (service != null) {
      service.close();
    }
    before.forEach(
        (property, value) -> {
          if (value == null) {
            System.clearProperty(property);
          } else {
            System.setProperty(property, value);
          }
        });
  }

  private void set(String variable, String value) {
    String property = PROPERTIES.getOrDefault(variable, "");
    String earlier = System.setProperty(property, value);
    if (!before.containsKey(property)) {
      before.put(property, earlier);
    }
  }

  @Test
  void webIdentity_ofAServiceAccount_isExchangedAndReadAnewWhenItsCredentialsEnd()
      throws Exception {
    Path token = Files.writeString(folder.resolve("token"), "first-jwt");
    service.knows("first-jwt");
    service.webIdentityVariables(token).forEach(this::set);
    KeyChain keys = open();
    assertWraps(keys);

    // The SDK keeps them for a second all the same.
    service.knows("second-jwt");
    until(() -> !wraps(keys));
    assertThat(service.hasRefusedAWebIdentity()).isTrue();
    assertThatThrownBy(() -> keys.wrap(KEY, PLACE))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("has no credentials any more")
        .hasMessageContaining("403")
        .hasMessageNotContaining("jwt");
    Files.writeString(token, "second-jwt");
    until(() -> wraps(keys));
  }

  @Test
  void role_ofAContainer_isAskedForWithItsToken() throws Exception {
    service.containerVariables().forEach(this::set);
    assertWraps(open());

    set("AWS_CONTAINER_AUTHORIZATION_TOKEN", "another");
    assertThatThrownBy(this::open)
        .hasMessageContaining("has no credentials")
        .hasMessageNotContaining("another");
  }

  @Test
  void role_ofAnInstance_isAskedForByTheSecondVersionOfItsMetadata() throws Exception {
    service.instanceVariables().forEach(this::set);
    assertWraps(open());
  }

  @Test
  void profile_ofAFile_isTaken() throws Exception {
    Path file = Files.writeString(folder.resolve("credentials"), service.profile("mantle"));
    set("AWS_SHARED_CREDENTIALS_FILE", file.toString());
    set("AWS_PROFILE", "mantle");
    assertWraps(open());
  }

  @Test
  void nothing_anywhere_isToldAtTheStart() {
    assertThatThrownBy(this::open)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("has no credentials");
  }

  private KeyChain open() throws IOException {
    return new MasterKeySettings(
            KmsUri.parseAll(service.uri()), Optional.empty(), service.endpoint(), TIMES)
        .open();
  }

  private static boolean wraps(KeyChain keys) throws Exception {
    try {
      assertWraps(keys);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static void until(Callable<Boolean> condition) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (!condition.call()) {
      assertThat(System.nanoTime()).as("deadline").isLessThan(deadline);
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }

  private static void assertWraps(KeyChain keys) throws Exception {
    assertThat(keys.unwrap(keys.wrap(KEY, PLACE), PLACE)).isEqualTo(KEY);
  }
}
