package io.mantle.controlplane.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ProviderAddressTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://127.0.0.1",
        "http://10.0.0.1",
        "http://172.16.0.1",
        "http://172.31.255.255",
        "http://192.168.1.1",
        "http://169.254.169.254",
        "http://100.64.0.1",
        "http://168.63.129.16",
        "http://0.0.0.0",
        "http://224.0.0.1",
        "http://255.255.255.255",
        "http://198.18.0.1",
        "http://192.0.0.192",
        "http://[::1]",
        "http://[::]",
        "http://[fe80::1]",
        "http://[fd00::1]",
        "http://[ff02::1]",
        "http://[::ffff:127.0.0.1]",
        "http://[64:ff9b::7f00:1]",
        "http://[2002:7f00:1::]",
        "http://localhost",
        "http://a.localhost",
        "http://db",
        "http://x.internal",
        "http://x.local"
      })
  void isInternal_whatIsNotOnTheInternet_isTrue(String url) throws Exception {
    assertThat(ProviderAddress.isInternal(url)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://api.openai.com/v1",
        "https://8.8.8.8",
        "http://172.32.0.1",
        "http://100.128.0.1",
        "https://[2606:4700:4700::1111]",
        "https://xn--bcher-kva.example"
      })
  void isInternal_whatIsOnTheInternet_isFalse(String url) throws Exception {
    assertThat(ProviderAddress.isInternal(url)).isFalse();
  }
}
