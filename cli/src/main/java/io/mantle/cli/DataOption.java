package io.mantle.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** {@code --data DIR}, shared by the commands that have state. */
final class DataOption {
  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Where state lives: database, keys, logs. Default: .mantle in the project.")
  private @Nullable Path folder;

  DataFolder folder() {
    return new DataFolder(folder == null ? ProjectRoot.path().resolve(".mantle") : folder);
  }
}
