package io.mantle.vault.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lettuce.core.RedisURI;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class RedisAddressTest {
  @Test
  void address_ofOneNode_hasHostPasswordAndTls() {
    RedisAddress address = RedisAddress.parse("rediss://mantle:hunter2@vault.example:6380/3");
    List<RedisURI> nodes = address.nodes(Duration.ofMillis(250));
    assertThat(nodes).hasSize(1);
    RedisURI node = nodes.getFirst();
    assertThat(node.getHost()).isEqualTo("vault.example");
    assertThat(node.getPort()).isEqualTo(6380);
    assertThat(node.getDatabase()).isEqualTo(3);
    assertThat(node.isSsl()).isTrue();
    assertThat(node.getCredentialsProvider().resolveCredentials().block())
        .satisfies(
            found -> assertThat(found.getPassword()).containsExactly("hunter2".toCharArray()));
    assertThat(address.isCluster()).isFalse();
    assertThat(address).asString().doesNotContain("hunter2");
  }

  @Test
  void address_ofACluster_namesItsNodes() {
    RedisAddress address = RedisAddress.parse("rediss+cluster://a.example:1,b.example:2");
    assertThat(address.isCluster()).isTrue();
    List<RedisURI> nodes = address.nodes(Duration.ofMillis(250));
    assertThat(nodes).extracting(RedisURI::getHost).containsExactly("a.example", "b.example");
    assertThat(nodes).allSatisfy(node -> assertThat(node.isSsl()).isTrue());
  }

  @Test
  void address_thatIsNone_isRefusedWithoutQuotingIt() {
    for (String text :
        List.of("", "hunter2", "http://u:hunter2@h", "redis://u:hunter2@h:99999999", "redis://")) {
      assertThatThrownBy(() -> RedisAddress.parse(text))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageNotContaining("hunter2")
          .hasNoCause();
    }
  }
}
