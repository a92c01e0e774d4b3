package io.mantle.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class EnvoyStatusTest {
  @Test
  void whyNotAcked_acked_isEmpty() throws IOException {
    assertThat(read("{'envoys':[{'node_id':'me','version_acked':'v1','last_nack':null}]}"))
        .isEmpty();
  }

  @Test
  void whyNotAcked_refused_saysWhy() throws IOException {
    assertThat(
            read(
                "{'envoys':[{'node_id':'me','version_acked':null,'last_nack':{'reason':'bad"
                    + " route'}}]}"))
        .hasValueSatisfying(reason -> assertThat(reason).contains("bad route"));
  }

  @Test
  void whyNotAcked_anotherEnvoyOnly_isNotYet() throws IOException {
    assertThat(read("{'envoys':[{'node_id':'other','version_acked':'v1'}]}")).isPresent();
    assertThat(read("{'envoys':[]}")).isPresent();
  }

  private static Optional<String> read(String json) throws IOException {
    return EnvoyStatus.whyNotAcked(new ObjectMapper().readTree(json.replace('\'', '"')), "me");
  }
}
