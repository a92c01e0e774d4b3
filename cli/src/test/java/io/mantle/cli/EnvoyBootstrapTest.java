package io.mantle.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

final class EnvoyBootstrapTest {
  private static final EnvoyBootstrap BOOTSTRAP =
      new EnvoyBootstrap("node", 9901, Path.of("/run/it's/xds.sock"));

  @Test
  void render_placeholders_areFilledAndQuoted() {
    assertThat(BOOTSTRAP.render("id: ${node_id}\nport: ${admin_port}\npath: ${ads_socket}\n"))
        .isEqualTo("id: 'node'\nport: 9901\npath: '/run/it''s/xds.sock'\n");
  }

  @Test
  void render_unknownPlaceholder_fails() {
    assertThatThrownBy(() -> BOOTSTRAP.render("x: ${other}")).hasMessageContaining("other");
  }

  @Test
  void render_theProjectsTemplate_holdsNoListenerRouteOrTenant() throws IOException {
    String template = Files.readString(ProjectRoot.path().resolve("envoy/bootstrap.yaml"));

    assertThat(BOOTSTRAP.render(template))
        .doesNotContain("${")
        .doesNotContain("listeners:", "route_config", "tenant")
        .contains("api_type: DELTA_GRPC");
  }
}
