package io.mantle.cli;

import io.mantle.controlplane.ControlPlane;
import io.mantle.controlplane.Settings;
import java.nio.file.Path;
import java.util.Map;

/** A real control plane on an embedded Postgres, on free ports of loopback. */
final class TestControlPlane {
  private TestControlPlane() {}

  /**
   * Starts one.
   *
   * @param folder for its data
   * @param token a file with a platform admin's token
   */
  static ControlPlane start(Path folder, Path token) throws Exception {
    return ControlPlane.start(
        Settings.of(
            Map.of(
                "MANTLE_DATA_DIR",
                folder.toString(),
                "MANTLE_ADMIN_LISTEN",
                "127.0.0.1:0",
                "MANTLE_XDS_LISTEN",
                "127.0.0.1:0",
                "MANTLE_ADMIN_TOKEN_FILE",
                token.toString())));
  }
}
