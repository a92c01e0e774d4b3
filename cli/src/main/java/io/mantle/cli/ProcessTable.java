package io.mantle.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What this run has started so far, kept in {@code processes.json} from the first process on, so
 * that the next run finds what a killed one left. Safe for threads.
 */
final class ProcessTable {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** The file's content: processes, and the folder of sockets that goes with them. */
  record Entries(String socketFolder, List<RunningProcess> processes) {
    Entries {
      processes = List.copyOf(processes);
    }
  }

  private final Path file;
  private final Path socketFolder;
  private final Map<String, RunningProcess> processes = new LinkedHashMap<>();

  ProcessTable(Path file, Path socketFolder) {
    this.file = file;
    this.socketFolder = socketFolder;
  }

  /** A process that was started again takes the place of the one that ended. */
  synchronized void add(RunningProcess process) throws IOException {
    processes.put(process.name(), process);
    write();
  }

  /**
   * Notes what each process runs by now: a wrapper script has become another program since its
   * start.
   */
  synchronized void refresh() throws IOException {
    processes.replaceAll(
        (name, process) ->
            ProcessHandle.of(process.pid())
                .map(handle -> RunningProcess.of(name, handle))
                .filter(process::startedWith)
                .orElse(process));
    write();
  }

  synchronized Map<String, Long> pids() {
    Map<String, Long> pids = new LinkedHashMap<>();
    processes.forEach((name, process) -> pids.put(name, process.pid()));
    return pids;
  }

  private void write() throws IOException {
    ObjectNode root = JSON.createObjectNode().put("socket_folder", socketFolder.toString());
    ArrayNode list = root.putArray("processes");
    for (RunningProcess each : processes.values()) {
      list.addObject()
          .put("name", each.name())
          .put("pid", each.pid())
          .put("started_at_millis", each.startedAtMillis())
          .put("executable", each.executable());
    }
    PrivateFiles.write(file, root.toPrettyString() + "\n");
  }

  /** Nothing, when there is no such file or it cannot be read. */
  static Entries read(Path file) {
    List<RunningProcess> found = new ArrayList<>();
    try {
      JsonNode root = JSON.readTree(Files.readString(file));
      for (JsonNode each : root.path("processes")) {
        found.add(
            new RunningProcess(
                each.path("name").asText(),
                each.path("pid").asLong(),
                each.path("started_at_millis").asLong(),
                each.path("executable").asText()));
      }
      return new Entries(root.path("socket_folder").asText(), found);
    } catch (IOException e) {
      return new Entries("", List.of());
    }
  }
}
