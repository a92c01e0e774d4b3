package io.mantle.vault.kms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mantle.vault.keys.KeyChain;
import io.mantle.vault.keys.LocalKeyset;
import io.mantle.vault.kms.ScriptedService.Fault;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a key in any service does, against one that speaks its API. */
abstract class KmsContract {
  private static final byte[] KEY =
      "a key of 32 bytes, more or less".getBytes(StandardCharsets.UTF_8);
  private static final byte[] PLACE = "a place".getBytes(StandardCharsets.UTF_8);
  private static final byte[] ELSEWHERE = "elsewhere".getBytes(StandardCharsets.UTF_8);
  private static final KmsTimes TIMES =
      new KmsTimes(Duration.ofSeconds(10), 3, Duration.ofMillis(5), Duration.ofSeconds(60));
  private static final KmsTimes SHORT =
      new KmsTimes(Duration.ofMillis(300), 2, Duration.ofMillis(5), Duration.ofSeconds(60));

  private ScriptedService service;

  abstract ScriptedService start() throws Exception;

  @BeforeEach
  void startService() throws Exception {
    service = start();
  }

  @AfterEach
  void stopService() {
    service.close();
  }

  private MasterKeySettings settings(Map<String, String> environment, KmsTimes times) {
    return new MasterKeySettings(
        KmsUri.parseAll(service.uri()), Optional.empty(), environment, times);
  }

  private KeyChain process() throws Exception {
    return settings(service.environment(), TIMES).open();
  }

  @Test
  void key_wrapped_opensInAnotherProcess() throws Exception {
    KeyChain one = process();
    byte[] wrapped = one.wrap(KEY, PLACE);
    assertThat(process().unwrap(wrapped, PLACE)).isEqualTo(KEY);
    assertThat(one.keyId()).matches("[a-z+-]+:[0-9a-f]{16}");
    assertThat(new String(wrapped, StandardCharsets.ISO_8859_1))
        .doesNotContain(new String(KEY, StandardCharsets.ISO_8859_1));
  }

  @Test
  void key_ofAnotherPlaceOrChanged_neverOpens() throws Exception {
    KeyChain keys = process();
    byte[] wrapped = keys.wrap(KEY, PLACE);
    assertThatThrownBy(() -> keys.unwrap(wrapped, ELSEWHERE))
        .isInstanceOf(GeneralSecurityException.class);
    wrapped[wrapped.length - 1] ^= 1;
    assertThatThrownBy(() -> keys.unwrap(wrapped, PLACE))
        .isInstanceOf(GeneralSecurityException.class);
  }

  @Test
  void key_openedOnce_isNotAskedForAgain() throws Exception {
    byte[] wrapped = process().wrap(KEY, PLACE);
    KeyChain keys = process();
    keys.unwrap(wrapped, PLACE);
    int calls = service.calls();
    for (int i = 0; i < 100; i++) {
      keys.unwrap(wrapped, PLACE);
    }
    assertThat(service.calls()).isEqualTo(calls);
  }

  @Test
  void sealedKey_thatTheServiceDoesNotOpen_isNoOutage() throws Exception {
    KeyChain keys = process();
    byte[] wrapped = keys.wrap(KEY, PLACE);
    // A byte within what the service sealed, behind the header and whatever it begins with.
    wrapped[40] = (byte) (wrapped[40] == 'A' ? 'B' : 'A');
    int calls = service.calls();
    assertThatThrownBy(() -> keys.unwrap(wrapped, PLACE))
        .isInstanceOf(GeneralSecurityException.class);
    assertThat(service.calls() - calls).as("asked once").isEqualTo(1);
  }

  @Test
  void service_busyThenDown_isAskedAgain() throws Exception {
    KeyChain keys = process();
    service.fail(Fault.BUSY, Fault.DOWN);
    byte[] wrapped = keys.wrap(KEY, PLACE);
    assertThat(keys.unwrap(wrapped, PLACE)).isEqualTo(KEY);
  }

  @Test
  void service_thatRefuses_isAskedOnceAndSaidSo() throws Exception {
    KeyChain keys = process();
    int calls = service.calls();
    service.fail(Fault.REFUSED);
    assertFails(() -> keys.wrap(KEY, PLACE)).hasMessageContaining("403");
    assertThat(service.calls() - calls).isEqualTo(1);
  }

  @Test
  void credentials_wrong_areToldAtTheStart() throws Exception {
    Map<String, String> wrong = service.wrongEnvironment();
    assertFails(() -> settings(wrong, TIMES).open());
  }

  @Test
  void service_thatTalksGarbage_fails() throws Exception {
    KeyChain keys = process();
    service.fail(Fault.GARBAGE, Fault.GARBAGE, Fault.GARBAGE);
    assertFails(() -> keys.wrap(KEY, PLACE));
  }

  @Test
  void service_silent_isNotWaitedForWithoutEnd() throws Exception {
    service.fail(Fault.SILENT, Fault.SILENT, Fault.SILENT, Fault.SILENT);
    Map<String, String> environment = service.environment();
    assertFails(() -> settings(environment, SHORT).open());
  }

  @Test
  void service_downForLong_isLeftAlone() throws Exception {
    KeyChain keys = process();
    for (int i = 0; i < 12; i++) {
      service.fail(Fault.DOWN);
    }
    int calls = service.calls();
    for (int i = 0; i < 10; i++) {
      assertFails(() -> keys.wrap(KEY, PLACE));
    }
    assertThat(service.calls() - calls).as("the breaker opened").isLessThanOrEqualTo(10);
    assertFails(() -> keys.wrap(KEY, PLACE)).hasMessageContaining("in a moment");
  }

  @Test
  void service_awayAtTheStart_refusesToStart() throws Exception {
    Map<String, String> environment = service.environment();
    service.close();
    assertFails(() -> settings(environment, TIMES).open());
  }

  @Test
  void service_awayLater_leavesWhatIsInUse() throws Exception {
    byte[] wrapped = process().wrap(KEY, PLACE);
    byte[] unused = process().wrap(KEY, PLACE);
    KeyChain keys = process();
    keys.unwrap(wrapped, PLACE);
    service.close();
    assertThat(keys.unwrap(wrapped, PLACE)).isEqualTo(KEY);
    assertFails(() -> keys.unwrap(unused, PLACE));
  }

  @Test
  void chain_fromThisMachineToTheService_opensBoth() throws Exception {
    LocalKeyset local = LocalKeyset.ephemeral();
    byte[] old = local.wrap(KEY, PLACE);
    KeyChain both =
        new MasterKeySettings(
                KmsUri.parseAll(service.uri()), Optional.of(local), service.environment(), TIMES)
            .open();
    assertThat(both.unwrap(old, PLACE)).isEqualTo(KEY);
    byte[] young = both.wrap(KEY, PLACE);
    assertThat(both.unwrap(young, PLACE)).isEqualTo(KEY);
    assertThat(process().unwrap(young, PLACE)).isEqualTo(KEY);
    assertThatThrownBy(() -> new KeyChain(List.of(), Optional.of(local)).unwrap(young, PLACE))
        .isInstanceOf(GeneralSecurityException.class);
  }

  private interface Call {
    Object run() throws Exception;
  }

  /** Names the host, and neither a secret nor what the service said. */
  private AbstractThrowableAssert<?, ?> assertFails(Call call) {
    return assertThatThrownBy(call::run)
        .isInstanceOf(IOException.class)
        .hasMessageContaining(service.authority())
        .hasMessageNotContaining(service.secret())
        .hasMessageNotContaining("words of the service");
  }
}
