package io.mantle.vault.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class EnvelopeKeysTest {
  private static final byte[] KEY = "key".getBytes(StandardCharsets.UTF_8);
  private static final byte[] PLACE = "place".getBytes(StandardCharsets.UTF_8);

  private final AtomicLong nanos = new AtomicLong();
  private final Service service = new Service();
  private final EnvelopeKeys keys = new EnvelopeKeys(service, nanos::get);

  /** A service of this process, which can be away. */
  private static final class Service implements RemoteKey {
    private final LocalKeyset key = LocalKeyset.ephemeral();
    private volatile boolean away;
    private volatile int bytesLost;

    @Override
    public String uri() {
      return "test-kms://key";
    }

    @Override
    public byte[] encrypt(byte[] clear) throws GeneralSecurityException, IOException {
      byte[] sealed = asked(key.wrap(clear, PLACE));
      return Arrays.copyOf(sealed, sealed.length - bytesLost);
    }

    @Override
    public byte[] decrypt(byte[] sealed) throws GeneralSecurityException, IOException {
      return asked(key.unwrap(sealed, PLACE));
    }

    private byte[] asked(byte[] answer) throws IOException {
      if (away) {
        throw new IOException("away");
      }
      return answer;
    }
  }

  private void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
  }

  @Test
  void service_awayFromTheLastAnswerOn_isMissedWhenTheKeyIsForgotten() throws Exception {
    byte[] wrapped = keys.wrap(KEY, PLACE);
    service.away = true;
    pass(EnvelopeKeys.FRESH.plusSeconds(1));
    assertThat(keys.unwrap(wrapped, PLACE)).isEqualTo(KEY);
    pass(EnvelopeKeys.KEPT.minus(EnvelopeKeys.FRESH).minusSeconds(2));
    assertThat(keys.unwrap(wrapped, PLACE)).isEqualTo(KEY);
    pass(Duration.ofSeconds(2));
    assertThatThrownBy(() -> keys.unwrap(wrapped, PLACE))
        .isInstanceOf(IOException.class)
        .hasMessage("away");
    service.away = false;
    assertThat(keys.unwrap(wrapped, PLACE)).isEqualTo(KEY);
  }

  @Test
  void wrap_byAServiceThatGarbles_isRefusedBeforeItIsKept() {
    service.bytesLost = 1;
    assertThatThrownBy(() -> keys.wrap(KEY, PLACE)).isInstanceOf(GeneralSecurityException.class);
  }

  @Test
  void unwrap_cutAnywhere_neverOpens() throws Exception {
    byte[] wrapped = keys.wrap(KEY, PLACE);
    for (int length = 0; length < wrapped.length; length++) {
      byte[] cut = Arrays.copyOf(wrapped, length);
      assertThatThrownBy(() -> keys.unwrap(cut, PLACE))
          .isInstanceOf(GeneralSecurityException.class);
    }
  }
}
