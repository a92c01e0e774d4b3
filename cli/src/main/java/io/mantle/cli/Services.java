package io.mantle.cli;

import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The three programs of a run: how each is started, and what it is told. Keys go by environment,
 * never by argument, where any user of the machine could read them.
 *
 * @param deepModel the folder with the deep tier's model; empty where there is no deep tier
 * @param vault what both servers are told of a shared vault
 */
record Services(
    DataFolder data, Endpoints endpoints, Optional<Path> deepModel, Map<String, String> vault) {
  /** Less compiling, a simpler collector: for programs that should start soon and do little. */
  static final String[] QUICK_START = {"-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"};

  /**
   * What an exchange needs is garbage when it ends, and next to nothing stays: on two cores one
   * collecting thread takes less CPU than G1 (8 % for the first 10,000 requests) and less memory.
   */
  private static final String[] EXTPROC_JVM = {"-XX:+UseSerialGC"};

  private static final String CONTROL_PLANE = "io.mantle.controlplane.ControlPlane";
  private static final String EXTPROC = "io.mantle.extproc.ExtProcServer";

  /**
   * A provider of the demo tenant.
   *
   * @param kind how it speaks
   * @param models what {@code GET /v1/models} lists, parted by commas; every other name is served
   *     too
   */
  record DemoUpstream(Upstream.Kind kind, URI baseUrl, String key, String models) {
    @Override
    public String toString() {
      return "DemoUpstream[" + baseUrl + "]";
    }
  }

  ChildSpec controlPlane(
      List<DemoUpstream> demo, String demoKey, String canaryKey, URI canaryUpstream) {
    Map<String, String> environment = new TreeMap<>(common());
    environment.put("MANTLE_ADMIN_LISTEN", endpoints.adminListen());
    environment.put("MANTLE_XDS_LISTEN", unix(endpoints.sockets().xds()));
    environment.put("MANTLE_GATEWAY_LISTEN", endpoints.gatewayListen());
    if (endpoints.listen().tls().isPresent()) {
      Listen.Tls tls = endpoints.listen().tls().get();
      environment.put("MANTLE_GATEWAY_TLS_CERT_FILE", tls.certificate().toString());
      environment.put("MANTLE_GATEWAY_TLS_KEY_FILE", tls.key().toString());
    } else if (!endpoints.listen().address().isLoopbackAddress()) {
      environment.put("MANTLE_GATEWAY_INSECURE", "true"); // --insecure was checked with --listen
    }
    environment.put("MANTLE_EXTPROC_SOCKET", endpoints.sockets().extproc().toString());
    environment.put("MANTLE_ADMIN_TOKEN_FILE", data.adminTokenFile().toString());
    if (endpoints.listen().address().isLoopbackAddress()
        && System.getenv("MANTLE_SIGNUP") == null) {
      environment.put("MANTLE_SIGNUP", "on"); // whoever reaches it is on this machine
    }
    if (deepModel.isPresent()) {
      environment.put("MANTLE_DEEP_TIER", "true");
    }
    environment.put("MANTLE_DEMO_KEY", demoKey);
    for (DemoUpstream upstream : demo) {
      String url =
          switch (upstream.kind()) {
            case OPENAI -> "MANTLE_DEMO_UPSTREAM_URL";
            case ANTHROPIC -> "MANTLE_DEMO_ANTHROPIC_URL";
          };
      String models =
          switch (upstream.kind()) {
            case OPENAI -> "MANTLE_DEMO_MODELS";
            case ANTHROPIC -> "MANTLE_DEMO_ANTHROPIC_MODELS";
          };
      environment.put(url, upstream.baseUrl().toString());
      environment.put(url.replace("_URL", "_KEY"), upstream.key());
      environment.put(models, upstream.models());
    }
    environment.put("MANTLE_CANARY_KEY", canaryKey);
    environment.put("MANTLE_CANARY_UPSTREAM_URL", canaryUpstream.toString());
    return new ChildSpec(
        "control_plane",
        "control plane",
        java(CONTROL_PLANE, QUICK_START),
        environment,
        Services::isSetting,
        data.log("control-plane"));
  }

  ChildSpec extproc() {
    Map<String, String> environment = new TreeMap<>(common());
    environment.put("MANTLE_EXTPROC_SOCKET", endpoints.sockets().extproc().toString());
    environment.put("MANTLE_CONTROL_PLANE", unix(endpoints.sockets().xds()));
    environment.put("MANTLE_ADS_SOCKET", endpoints.sockets().ads().toString());
    environment.put("MANTLE_EXTPROC_ADMIN_LISTEN", endpoints.extprocAdminListen());
    deepModel.ifPresent(folder -> environment.put("MANTLE_DEEP_MODEL", folder.toString()));
    return new ChildSpec(
        "extproc",
        "ext_proc server",
        java(EXTPROC, EXTPROC_JVM),
        environment,
        variable -> isSetting(variable) && !variable.equals("MANTLE_DATABASE_URL"),
        data.log("extproc"));
  }

  /**
   * Hot restart stays on, with a base id of its own so that two Envoys of a machine do not clash:
   * it is what makes Envoy end when the thread that started it does, and so when a run is killed.
   */
  static ChildSpec envoy(Path binary, Path bootstrap, Path log) {
    return new ChildSpec(
        "envoy",
        "Envoy",
        List.of(
            binary.toString(),
            "--config-path",
            bootstrap.toString(),
            "--use-dynamic-base-id",
            "--file-flush-interval-msec", // of the access log; 10 s is long for who looks on
            "1000",
            "--log-level",
            "info"),
        Map.of(),
        variable -> false,
        log);
  }

  private Map<String, String> common() {
    Map<String, String> common = new TreeMap<>(vault);
    common.put("MANTLE_DATA_DIR", data.root().toString());
    common.put("MANTLE_END_WITH_STDIN", "true");
    return common;
  }

  /** Upstream keys are handed on under another name, to the one program that needs them. */
  private static boolean isSetting(String variable) {
    return !variable.startsWith("MANTLE_UPSTREAM_KEY");
  }

  private static String unix(Path socket) {
    return "unix:" + socket;
  }

  /** Another JVM of the same JDK with the same class path. */
  static List<String> java(String mainClass, String... options) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(options));
    command.addAll(PrivateMemory.JVM_FLAGS);
    command.add("-Dmantle.root=" + ProjectRoot.path());
    command.add("--enable-native-access=ALL-UNNAMED");
    command.add("--sun-misc-unsafe-memory-access=allow");
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(mainClass);
    return command;
  }
}
