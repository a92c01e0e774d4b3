package io.mantle.cli;

/**
 * Every environment variable that the launcher itself reads. What it hands on to the servers is
 * theirs: {@code io.mantle.controlplane.Setting}, {@code io.mantle.extproc.Setting}.
 */
public enum Variable {
  MANTLE_UPSTREAM_KEY("The provider's key for --upstream."),
  MANTLE_UPSTREAM_KEY_OPENAI("The same for --upstream openai=URL alone; goes before it."),
  MANTLE_UPSTREAM_KEY_ANTHROPIC("The same for --upstream anthropic=URL alone; goes before it."),
  JAVA_HOME("A JDK 25; else one is looked for on PATH and in the usual folders."),
  ENVOY("An Envoy binary to use instead of fetching one."),
  MANTLE_DEEP_MODEL(
      "A folder with a model for the deep tier to use instead of fetching one; see docs/models/deep.md."),
  MANTLE_VAULT_URL("The servers' own, which --redis goes before; asked once before they start."),
  MANTLE_MASTER_KEY(
      "The servers' own; where it and MANTLE_MASTER_KEY_FILE are empty a key is made for a vault in Redis, vault-master-key in the data folder."),
  MANTLE_MASTER_KEY_FILE("As MANTLE_MASTER_KEY."),
  MANTLE_ADMIN_URL(
      "The control plane that ./mantle apply and audit speak to; --server goes before it."),
  MANTLE_MASTER_KEY_URI("The servers' own; where it is set no key is made."),
  XDG_RUNTIME_DIR(
      "Where the private folder for sockets is made; else the system's folder for temporary files.");

  private final String description;

  Variable(String description) {
    this.description = description;
  }

  /** One line for people. */
  public String description() {
    return description;
  }
}
