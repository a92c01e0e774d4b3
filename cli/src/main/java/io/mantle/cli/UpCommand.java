package io.mantle.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Starts everything and stays until Ctrl-C, or, with {@code --detach}, until it is ready. */
@Command(
    name = "up",
    mixinStandardHelpOptions = true,
    description = "Starts everything on this machine; Ctrl-C stops it.")
final class UpCommand implements Callable<Integer> {
  @Option(
      names = "--port",
      paramLabel = "N",
      defaultValue = "8080",
      description = "The gateway's port; 0 picks a free one. Default: ${DEFAULT-VALUE}.")
  private int port;

  @Option(
      names = "--admin-port",
      paramLabel = "N",
      defaultValue = "8081",
      description = "The control plane's port; 0 picks a free one. Default: ${DEFAULT-VALUE}.")
  private int adminPort;

  @Option(
      names = "--listen",
      paramLabel = "ADDR",
      description = "The gateway's address instead of 127.0.0.1; needs TLS or --insecure.")
  private @Nullable String listen;

  @Option(names = "--insecure", description = "Accepts plain http on --listen.")
  private boolean insecure;

  @Option(
      names = "--tls-cert",
      paramLabel = "FILE",
      description = "The gateway's certificate with its chain, PEM; it speaks HTTPS then.")
  private @Nullable Path tlsCertificate;

  @Option(
      names = "--tls-key",
      paramLabel = "FILE",
      description = "The private key of --tls-cert, PEM, without a password.")
  private @Nullable Path tlsKey;

  @Option(
      names = "--upstream",
      paramLabel = "[KIND=]URL",
      description = "A real or local provider instead of the demo; its key in MANTLE_UPSTREAM_KEY.")
  private List<String> upstreams = new ArrayList<>();

  @Option(
      names = "--deep",
      description = {
        "With the deep tier, for tenants whose policy asks for it: a neural model, fetched once.",
        "Not needed where MANTLE_DEEP_MODEL names a folder with a model."
      })
  private boolean deep;

  @Option(
      names = "--redis",
      paramLabel = "URL",
      description = {
        "Keeps what outlives a request in this Redis, not in memory: redis://HOST:PORT.",
        "A URL with a password goes into MANTLE_VAULT_URL.",
        "A master key is made in the data folder unless MANTLE_MASTER_KEY or _FILE gives one."
      })
  private @Nullable String redis;

  @Option(names = "--detach", description = "In the background; returns when ready.")
  private boolean detach;

  /** The background half of {@code --detach}: the foreground half prints what there is to print. */
  @Option(names = "--background", hidden = true)
  private boolean background;

  @Mixin private DataOption data = new DataOption();

  @Override
  public Integer call() throws LaunchException, IOException, InterruptedException {
    UpOptions options =
        UpOptions.of(
            data.folder(),
            Listen.of(listen, insecure, tlsCertificate, tlsKey),
            port,
            adminPort,
            upstreams,
            deep || DeepModel.isGiven(),
            redis);
    PrivateFiles.createFolder(options.data().logs());
    Progress progress = Progress.to(System.err);
    if (detach) {
      RunLock.acquire(options.data()).close(); // says at once when it runs already
      RunFile run = Detached.start(options, arguments(), progress);
      new Banner(run, options).print(System.out);
      return ExitCode.OK.value();
    }
    try (RunLock _ = RunLock.acquire(options.data())) {
      Leftovers.clean(options.data(), progress);
      return foreground(options, progress);
    }
  }

  private int foreground(UpOptions options, Progress progress)
      throws LaunchException, IOException, InterruptedException {
    Stack stack = Stack.prepare(options, progress);
    AtomicBoolean ended = new AtomicBoolean();
    Runtime.getRuntime().addShutdownHook(new Thread(() -> stopOnSignal(stack, ended, progress)));
    try (stack) {
      RunFile run = stack.start();
      if (!background) {
        new Banner(run, options).print(System.out);
      }
      throw stack.awaitFailure();
    } finally {
      ended.set(true);
    }
  }

  /**
   * A signal ends the JVM by way of this hook, with an exit code of its own making; stopping on
   * request is a success, so the JVM is halted with 0 instead.
   */
  private static void stopOnSignal(Stack stack, AtomicBoolean ended, Progress progress) {
    if (ended.get()) {
      return;
    }
    progress.line("stopping ...");
    int exit = ExitCode.OK.value();
    try {
      stack.close();
      progress.line("stopped");
    } catch (IOException e) {
      progress.line("mantle: " + e.getMessage());
      exit = ExitCode.FAILED.value();
    }
    Runtime.getRuntime().halt(exit);
  }

  /** The same command line for the background half. */
  private List<String> arguments() {
    List<String> arguments = new ArrayList<>();
    arguments.addAll(List.of("up", "--background", "--data", data.folder().root().toString()));
    arguments.addAll(List.of("--port", Integer.toString(port)));
    arguments.addAll(List.of("--admin-port", Integer.toString(adminPort)));
    if (listen != null) {
      arguments.addAll(List.of("--listen", listen));
    }
    if (insecure) {
      arguments.add("--insecure");
    }
    if (tlsCertificate != null && tlsKey != null) {
      arguments.addAll(List.of("--tls-cert", tlsCertificate.toAbsolutePath().toString()));
      arguments.addAll(List.of("--tls-key", tlsKey.toAbsolutePath().toString()));
    }
    if (deep) {
      arguments.add("--deep");
    }
    if (redis != null) {
      arguments.addAll(List.of("--redis", redis));
    }
    upstreams.forEach(upstream -> arguments.addAll(List.of("--upstream", upstream)));
    return arguments;
  }
}
