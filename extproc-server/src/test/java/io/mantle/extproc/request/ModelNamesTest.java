package io.mantle.extproc.request;

import static org.assertj.core.api.Assertions.assertThat;

import io.mantle.extproc.tenant.ModelPattern;
import io.mantle.extproc.tenant.TenantPolicy;
import io.mantle.extproc.value.ProviderKind;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModelNamesTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "gpt-4o",
        "claude-sonnet-4-20250514",
        "claude-3-5-sonnet@20240620",
        "qwen2.5:7b-instruct-q4_K_M",
        "meta-llama/Llama-3.1-8B-Instruct",
        "ft:gpt-4o-mini-2024-07-18:acme::A1b2C3d4",
        "arn:aws:bedrock:us-east-1:123456789012:provisioned-model/abc123",
        "projects/p/locations/us/publishers/google/models/gemini-2.5-pro",
        "@cf/meta/llama-3-8b",
        "o3"
      })
  void name_ofAModel_isOne(String model) {
    assertThat(ModelNames.isOne(model, route("*"))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "Maria Garcia",
        "maria.garcia@nowhere.org",
        "4111111111111111",
        "gpt-4111111111111111",
        "DE89370400440532013000",
        "+491701234567",
        "sk-proj-4f8Kq2LmZz91",
        "219-09-9999",
        "gpt\n4",
        "gpt-\u00fc"
      })
  void whatLooksPrivate_isNone_unlessItIsNamed(String model) {
    assertThat(ModelNames.isOne(model, route("*"))).isFalse();
    assertThat(ModelNames.isOne(model, route("*", model))).isTrue();
    assertThat(ModelNames.isOne(model, route(model))).isTrue();
  }

  private static TenantPolicy.Route route(String pattern, String... models) {
    TenantPolicy.Provider provider =
        new TenantPolicy.Provider(
            "p", "p", ProviderKind.OPENAI, "http://p:80", "/v1", "", List.of(models), true);
    return new TenantPolicy.Route(new ModelPattern(pattern), List.of(provider));
  }
}
