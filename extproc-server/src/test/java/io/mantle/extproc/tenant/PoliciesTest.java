package io.mantle.extproc.tenant;

import static org.assertj.core.api.Assertions.assertThat;

import io.mantle.extproc.scripted.Tenants;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

final class PoliciesTest {
  @Test
  void key_thatTwoTenantsClaim_opensNeither_untilOneLetsGo() {
    Policies both =
        Policies.NONE.with(List.of(tenant("a", 1, "k"), tenant("b", 1, "k")), List.of());
    assertThat(opens(both, "k")).isEqualTo("nobody");

    assertThat(opens(both.with(List.of(), List.of("a")), "k")).isEqualTo("b");
    assertThat(opens(both.with(List.of(tenant("b", 2)), List.of()), "k")).isEqualTo("a");
    assertThat(opens(both, "k")).as("what was taken stays as it was").isEqualTo("nobody");
  }

  @Test
  void key_movedFromOneTenantToAnother_opensTheOther() {
    Policies before =
        Policies.NONE.with(List.of(tenant("a", 1, "k", "l"), tenant("b", 1)), List.of());

    Policies after = before.with(List.of(tenant("a", 2, "l"), tenant("b", 2, "k")), List.of());

    assertThat(opens(after, "k")).isEqualTo("b");
    assertThat(opens(after, "l")).isEqualTo("a");
  }

  @RepeatedTest(20)
  void policies_afterAnyChanges_areThoseMadeAtOnce(RepetitionInfo repetition) {
    Random random = new Random(repetition.getCurrentRepetition());
    Map<String, TenantPolicy> should = new HashMap<>();
    Policies policies = Policies.NONE;
    for (int step = 0; step < 200; step++) {
      List<TenantPolicy> changed = new ArrayList<>();
      List<String> removed = new ArrayList<>();
      for (int i = random.nextInt(4); i > 0; i--) {
        String id = "t" + random.nextInt(8);
        if (random.nextInt(4) == 0) {
          removed.add(id);
        } else {
          changed.add(tenant(id, step, "k" + random.nextInt(6), "l" + random.nextInt(100)));
        }
      }
      policies = policies.with(changed, removed);
      removed.forEach(should::remove);
      changed.forEach(tenant -> should.put(tenant.tenantId(), tenant));
    }

    Policies atOnce = Policies.NONE.with(should.values(), List.of());
    assertThat(policies.versions()).isEqualTo(atOnce.versions());
    for (int i = 0; i < 100; i++) {
      assertThat(opens(policies, "k" + i)).isEqualTo(opens(atOnce, "k" + i));
      assertThat(opens(policies, "l" + i)).isEqualTo(opens(atOnce, "l" + i));
    }
  }

  private static TenantPolicy tenant(String id, int seed, String... keys) {
    return Tenants.tenant(id, seed, Tenants.defaultPrivacy(), keys);
  }

  private static String opens(Policies policies, String key) {
    Policies.Access access = policies.access(KeyHash.of(key));
    return access == null ? "nobody" : access.tenant().tenantId();
  }
}
