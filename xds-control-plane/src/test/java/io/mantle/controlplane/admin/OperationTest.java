package io.mantle.controlplane.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

final class OperationTest {

  @Test
  void operations_haveEachTheirOwnVerbAndPath() {
    List<String> all =
        Arrays.stream(Operation.values())
            .map(operation -> operation.verb() + " " + operation.path())
            .toList();
    assertThat(all).doesNotHaveDuplicates();
  }

  @Test
  void at_aPath_findsItsOperations() {
    assertThat(Operation.at("/api/v1/tenants/acme/keys"))
        .containsExactly(Operation.KEYS_LIST, Operation.KEY_CREATE);
    assertThat(Operation.at("/api/v1/tenants/acme/keys/7")).containsExactly(Operation.KEY_DELETE);
  }

  @Test
  void at_aPathThatOnlyLooksLikeOne_findsNone() {
    for (String path :
        List.of(
            "/api/v1/tenants/acme/keys/",
            "/api/v1/tenants//keys",
            "/api/v1//tenants",
            "/api/v1/tenants/acme/keys/7/8",
            "/api/v2/tenants",
            "/api/v1",
            "/API/v1/tenants")) {
      assertThat(Operation.at(path)).as(path).isEmpty();
    }
  }

  @Test
  void operations_ofATenant_areNotOpen() {
    assertThat(Operation.values())
        .filteredOn(Operation::isOpen)
        .allMatch(operation -> operation.path().startsWith("/auth/"));
  }
}
