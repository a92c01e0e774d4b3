package io.mantle.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class EnvoyStatusTest {
  private static final String ALL = "{'cluster':'a','listener':'b','scoped_route':'c'}";

  @Test
  void whyNotAcked_everyType_isEmpty() throws IOException {
    assertThat(read("{'envoys':[{'node_id':'me','acked_versions':" + ALL + ",'last_nack':null}]}"))
        .isEmpty();
  }

  @Test
  void whyNotAcked_oneTypeMissing_isNotYet() throws IOException {
    assertThat(
            read("{'envoys':[{'node_id':'me','acked_versions':{'cluster':'a','listener':'b'}}]}"))
        .isPresent();
  }

  @Test
  void whyNotAcked_refused_saysWhy() throws IOException {
    assertThat(
            read(
                "{'envoys':[{'node_id':'me','acked_versions':{},"
                    + "'last_nack':{'type':'listener','reason':'bad route'}}]}"))
        .hasValueSatisfying(reason -> assertThat(reason).contains("bad route"));
  }

  @Test
  void whyNotAcked_anotherEnvoyOnly_isNotYet() throws IOException {
    assertThat(read("{'envoys':[{'node_id':'other','acked_versions':" + ALL + "}]}")).isPresent();
    assertThat(read("{'envoys':[]}")).isPresent();
  }

  private static Optional<String> read(String json) throws IOException {
    return EnvoyStatus.whyNotAcked(new ObjectMapper().readTree(json.replace('\'', '"')), "me");
  }
}
