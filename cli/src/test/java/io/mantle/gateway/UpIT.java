package io.mantle.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.mantle.cli.EnvoyBinary;
import io.mantle.cli.Mantle;
import io.mantle.cli.PrivateMemory;
import io.mantle.testing.RedisServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * {@code ./mantle up --detach} as a person uses it, in a data folder of its own. The launcher
 * itself would build first; here its Java half runs on the class path of the tests.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class UpIT {
  private static final Duration GONE_MAX = Duration.ofSeconds(15);
  private static final long COMMAND_SECONDS_MAX = 90;
  private static final String[] REAL_VALUES = {
    "Maria Garcia",
    "maria.garcia@acme-mail.com",
    "+1 415 555 2671",
    "4539 1488 0343 6467",
    "DE89 3704 0044 0532 0130 00"
  };

  @SuppressWarnings("NullAway.Init") // beforeAll
  private static Path data;

  @SuppressWarnings("NullAway.Init") // beforeAll
  private static Said up;

  /** What a command said, and its exit code. */
  private record Said(int exit, String text) {}

  @BeforeAll
  static void up() throws Exception {
    data = Files.createTempDirectory("mantle-it-up-");
    up = mantle("up", "--detach", "--port", "0", "--admin-port", "0");
    assertThat(up.exit()).as(up.text()).isZero();
  }

  @AfterAll
  static void down() throws Exception {
    Said down = mantle("down");
    assertThat(down.exit()).as(down.text()).isZero();
    awaitNoProcess();
    assertThat(data.resolve("run.json")).doesNotExist();
    assertThat(mantle("status").exit()).isEqualTo(3);
    Folders.delete(data);
  }

  @Test
  @Order(1)
  void runFile_isPrivateAndSaysWhereThingsAre() throws Exception {
    assertThat(
            PosixFilePermissions.toString(Files.getPosixFilePermissions(data.resolve("run.json"))))
        .isEqualTo("rw-------");
    JsonNode run = runFile();
    assertThat(run.path("base_url").asText()).endsWith("/v1");
    assertThat(run.path("anthropic_base_url").asText() + "/v1")
        .isEqualTo(run.path("base_url").asText());
    assertThat(run.path("api_key").asText()).startsWith("sk-mantle-");
    assertThat(run.path("admin_token").asText()).isNotEmpty();
    URI health = URI.create(run.path("extproc_admin_url").asText() + "/health");
    try (InputStream answer = health.toURL().openStream()) {
      assertThat(Chat.JSON.readTree(answer).path("db").asText()).isEqualTo("up");
    }
    assertThat(run.path("pids").size()).isGreaterThanOrEqualTo(4);
    for (JsonNode pid : run.path("pids")) {
      assertThat(ProcessHandle.of(pid.asLong())).isPresent();
    }
  }

  @Test
  @Order(2)
  void printedCurl_showsRealValuesAndTheProviderSawNone() throws Exception {
    Matcher curl = Pattern.compile("(?ms)^ *curl -s .*?(?=\\R\\R)").matcher(up.text());
    assertThat(curl.find()).as(up.text()).isTrue();

    Said answer = run(new ProcessBuilder("bash", "-c", curl.group()));

    assertThat(answer.text()).contains(REAL_VALUES);
    String seen = Files.readString(data.resolve("logs").resolve("demo-provider.log"));
    assertThat(seen).contains("\"messages\"").doesNotContain(REAL_VALUES);
  }

  @Test
  @Order(3)
  void logs_holdNoRealValueAndNoKey() throws Exception {
    String key = runFile().path("api_key").asText();
    try (Stream<Path> logs = Files.list(data.resolve("logs"))) {
      for (Path log : logs.toList()) {
        assertThat(Files.readString(log, StandardCharsets.ISO_8859_1))
            .as(log.toString())
            .doesNotContain(REAL_VALUES)
            .doesNotContain(key);
      }
    }
  }

  @Test
  @Order(4)
  void processList_holdsNoKey() throws Exception {
    JsonNode run = runFile();
    for (String commandLine : commandLines()) {
      assertThat(commandLine)
          .doesNotContain(run.path("api_key").asText(), run.path("admin_token").asText());
    }
  }

  @Test
  @Order(4)
  void processes_keepWhatIsInMemoryOutOfFiles() throws Exception {
    List<ProcessHandle> started = new ArrayList<>();
    for (JsonNode pid : runFile().path("pids")) {
      ProcessHandle process = ProcessHandle.of(pid.asLong()).orElseThrow();
      started.add(process);
      process.descendants().forEach(started::add); // Postgres is the control plane's
    }
    assertThat(started).hasSizeGreaterThan(5);
    for (ProcessHandle process : started) {
      Path proc = Path.of("/proc", Long.toString(process.pid()));
      String commandLine = read(proc.resolve("cmdline"));
      if (commandLine.isEmpty()) {
        continue; // it has ended: one of Postgres's
      }
      assertThat(read(proc.resolve("limits")))
          .as(commandLine)
          .containsPattern("Max core file size +0 +0 +bytes");
      List<String> arguments = List.of(commandLine.split("\0"));
      if (arguments.getFirst().endsWith("/java")) {
        assertThat(arguments).containsAll(PrivateMemory.JVM_FLAGS);
      }
    }
  }

  @Test
  @Order(5)
  void status_saysThatItIsReady() throws Exception {
    Said status = mantle("status");

    assertThat(status.exit()).as(status.text()).isZero();
    assertThat(status.text()).contains("ready", runFile().path("base_url").asText());
  }

  @Test
  @Order(6)
  void secondUp_inTheSameFolder_saysThatItRuns() throws Exception {
    Said second = mantle("up", "--port", "0", "--admin-port", "0");

    assertThat(second.exit()).isEqualTo(2);
    assertThat(second.text()).contains("runs already", "./mantle down");
  }

  @Test
  @Order(7)
  void upOnATakenPort_namesThePortAndTheFlag() throws Exception {
    int taken = URI.create(runFile().path("base_url").asText()).getPort();
    Path other = Files.createTempDirectory("mantle-it-up-");

    Said second = mantleIn(other, "up", "--port", Integer.toString(taken), "--admin-port", "0");

    assertThat(second.exit()).isEqualTo(2);
    assertThat(second.text()).contains(Integer.toString(taken), "--port");
    try (ServerSocket admin = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Said third = mantleIn(other, "up", "--port", "0", "--admin-port", "" + admin.getLocalPort());
      assertThat(third.exit()).isEqualTo(2);
      assertThat(third.text()).contains("" + admin.getLocalPort(), "--admin-port");
    }
    Folders.delete(other);
  }

  @Test
  @Order(8)
  void killedPart_isStartedAgain() throws Exception {
    JsonNode before = runFile();
    kill(before.at("/pids/envoy").asLong());
    kill(before.at("/pids/extproc").asLong());
    kill(before.at("/pids/control_plane").asLong());

    Until.holds(
        Duration.ofSeconds(30), "it serves again", () -> chat(before).contains(REAL_VALUES[0]));
    Until.holds(Duration.ofSeconds(30), "all of it is ready", () -> mantle("status").exit() == 0);
  }

  @Test
  @Order(9)
  void killedParent_leavesNoProcessAndTheNextUpWorks() throws Exception {
    kill(runFile().at("/pids/mantle").asLong());
    awaitNoProcess();

    Said again = mantle("up", "--detach", "--port", "0", "--admin-port", "0");

    assertThat(again.exit()).as(again.text()).isZero();
    assertThat(chat(runFile())).contains(REAL_VALUES[0]);
  }

  @Test
  @Order(10)
  void upWithRedis_keepsConversationsOverARestart() throws Exception {
    Path other = Files.createTempDirectory("mantle-it-up-");
    try (RedisServer redis = RedisServer.start(other.resolve("redis"))) {
      String[] start = {
        "up", "--detach", "--port", "0", "--admin-port", "0", "--redis", redis.url()
      };
      Said first = mantleIn(other, start);
      assertThat(first.exit()).as(first.text()).isZero();
      String surrogate = said(other, REAL_VALUES[1], "x-privacy-gateway-rehydrate: false");
      assertThat(surrogate).contains("@").doesNotContain(REAL_VALUES[1]);
      assertThat(mantleIn(other, "down").exit()).isZero();

      Said second = mantleIn(other, start);
      assertThat(second.exit()).as(second.text()).isZero();
      assertThat(said(other, surrogate)).contains(REAL_VALUES[1]);
      assertThat(mantleIn(other, "down").exit()).isZero();

      redis.kill();
      Said without = mantleIn(other, start);
      assertThat(without.exit()).isNotZero();
      assertThat(without.text()).contains("--redis", "does not answer");
    } finally {
      Folders.delete(other);
    }
  }

  /** The first address of a mailbox in what the demo provider says to one. */
  private static String said(Path folder, String mailbox, String... headers) throws IOException {
    JsonNode run = Chat.JSON.readTree(folder.resolve("run.json").toFile());
    RawClient client = RawClient.connect(URI.create(run.path("base_url").asText()).getPort());
    byte[] body =
        Chat.request("Write to " + mailbox + " today.")
            .put("model", "demo")
            .toString()
            .getBytes(StandardCharsets.UTF_8);
    List<String> all = new ArrayList<>(List.of(headers));
    all.add("x-privacy-gateway-conversation: over-a-restart");
    client.write(
        RawClient.request(
            "POST",
            "/v1/chat/completions",
            run.path("api_key").asText(),
            body,
            all.toArray(String[]::new)));
    Matcher address = Pattern.compile("[\\w.+-]+@[\\w.-]+\\w").matcher(client.answer().body());
    assertThat(address.find()).isTrue();
    return address.group();
  }

  private static String chat(JsonNode run) throws IOException, InterruptedException {
    byte[] body =
        Chat.request("I am " + REAL_VALUES[0])
            .put("model", "demo")
            .toString()
            .getBytes(StandardCharsets.UTF_8);
    int port = URI.create(run.path("base_url").asText()).getPort();
    try {
      return RawClient.chat(port, run.path("api_key").asText(), body).answer().body();
    } catch (java.net.ConnectException e) {
      return "";
    }
  }

  private static JsonNode runFile() throws IOException {
    return Chat.JSON.readTree(data.resolve("run.json").toFile());
  }

  private static void kill(long pid) throws IOException, InterruptedException {
    assertThat(new ProcessBuilder("kill", "-KILL", Long.toString(pid)).start().waitFor()).isZero();
  }

  private static void awaitNoProcess() throws Exception {
    try {
      Until.holds(GONE_MAX, "all processes are gone", () -> commandLines().isEmpty());
    } catch (AssertionError e) {
      throw new AssertionError("still there: " + commandLines(), e);
    }
  }

  /** The processes that name the data folder in their command line or their environment. */
  private static List<String> commandLines() throws IOException {
    List<String> found = new ArrayList<>();
    try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
      for (Path process :
          processes.filter(p -> p.getFileName().toString().matches("\\d+")).toList()) {
        String commandLine = read(process.resolve("cmdline"));
        if (!commandLine.isEmpty()
            && (commandLine + read(process.resolve("environ"))).contains(data.toString())) {
          found.add(process.getFileName() + ": " + commandLine.replace('\0', ' ').strip());
        }
      }
    }
    return found;
  }

  private static String read(Path file) {
    try {
      return Files.readString(file, StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      return ""; // it has ended, or is another user's
    }
  }

  private static Said mantle(String... arguments) throws Exception {
    return mantleIn(data, arguments);
  }

  private static Said mantleIn(Path folder, String... arguments) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Dmantle.root=" + Folders.root(),
                "-cp",
                System.getProperty("java.class.path"),
                Mantle.class.getName()));
    command.addAll(List.of(arguments));
    command.addAll(List.of("--data", folder.toString()));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().keySet().removeIf(name -> name.startsWith("MANTLE_"));
    Path envoy = EnvoyBinary.locate(Folders.root().resolve(".mantle"), System.err::println);
    builder.environment().put("ENVOY", envoy.toString());
    return run(builder);
  }

  private static Said run(ProcessBuilder builder) throws Exception {
    Path output = Files.createTempFile("mantle-it-", ".out");
    Process process = builder.redirectErrorStream(true).redirectOutput(output.toFile()).start();
    boolean ended = process.waitFor(COMMAND_SECONDS_MAX, TimeUnit.SECONDS);
    if (!ended) {
      process.destroyForcibly();
    }
    String text = Files.readString(output);
    Files.delete(output);
    assertThat(ended).as("ends in time: " + text).isTrue();
    return new Said(process.exitValue(), text);
  }
}
