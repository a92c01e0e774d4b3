package io.mantle.cli.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mantle.cli.apply.Change.Step;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Makes a control plane what a file says, and tells exactly how far that went. Each change is sent
 * only if what it changes is still as it was read; where somebody else was faster, everything is
 * read again and the rest worked out anew, up to {@value #ROUNDS_MAX} times.
 *
 * <p>Not guaranteed: the changes are no transaction. What was done stays done when a later one
 * fails, and applying the same file again does the rest.
 */
public final class Reconciler {
  private static final Set<String> DERIVED =
      Set.of("effective", "monthly_budget_cents", "month", "spent_usd", "stopped", "address_check");
  private static final int ROUNDS_MAX = 3;

  private final AdminApi api;
  private final IssuedKeys issued;
  private final boolean prune;

  public Reconciler(AdminApi api, IssuedKeys issued, boolean prune) {
    this.api = api;
    this.issued = issued;
    this.prune = prune;
  }

  /**
   * How far it went.
   *
   * @param done in the order it was done
   * @param failed the change that failed; empty also where reading failed
   * @param reason why it ended early; empty where all was done
   * @param notDone after the one that failed
   */
  public record Outcome(
      List<Change> done, Optional<Change> failed, Optional<String> reason, List<Change> notDone) {}

  /**
   * What would be changed; changes nothing.
   *
   * @throws InvalidFileException if the file asks for what cannot follow from what there is
   */
  public List<Change> difference(MantleFile file)
      throws InvalidFileException, IOException, RefusedException, InterruptedException {
    List<Change> changes = new ArrayList<>();
    List<Flaw> flaws = new ArrayList<>();
    for (Declaration.Tenant tenant : file.declaration().tenants()) {
      try {
        changes.addAll(Difference.between(file, tenant, LiveTenant.read(api, tenant), prune));
      } catch (InvalidFileException e) {
        flaws.addAll(e.flaws());
      }
    }
    if (!flaws.isEmpty()) {
      throw new InvalidFileException(flaws);
    }
    return changes;
  }

  /**
   * Does it.
   *
   * @param planned told what is going to be done, before it is; again after each conflict
   * @throws InvalidFileException before anything was changed
   */
  public Outcome apply(MantleFile file, Consumer<List<Change>> planned)
      throws InvalidFileException, InterruptedException {
    List<Change> done = new ArrayList<>();
    for (int round = 1; ; round++) {
      List<Change> changes;
      try {
        changes = difference(file);
      } catch (RefusedException e) {
        return new Outcome(done, Optional.empty(), Optional.of(e.reason()), List.of());
      } catch (IOException e) {
        return new Outcome(
            done, Optional.empty(), Optional.of(String.valueOf(e.getMessage())), List.of());
      } catch (InvalidFileException e) {
        if (done.isEmpty()) {
          throw e;
        }
        String reason = file.located(e.flaws().getFirst());
        return new Outcome(done, Optional.empty(), Optional.of(reason), List.of());
      }
      if (done.isEmpty()) {
        checkKeysHaveAPlace(file, changes);
      }
      planned.accept(List.copyOf(changes));
      Optional<Outcome> outcome = perform(file, changes, done, round < ROUNDS_MAX);
      if (outcome.isPresent()) {
        return outcome.get();
      }
    }
  }

  /** Empty where it is to be tried again from the start. */
  private Optional<Outcome> perform(
      MantleFile file, List<Change> changes, List<Change> done, boolean mayTryAgain)
      throws InterruptedException {
    for (int i = 0; i < changes.size(); i++) {
      Change change = changes.get(i);
      String reason;
      try {
        perform(file, change);
        done.add(change);
        continue;
      } catch (RefusedException e) {
        if (e.isConflict() && mayTryAgain) {
          return Optional.empty();
        }
        reason = file.located(file.flaw(Pointer.ofField(change.pointer(), e.field()), e.reason()));
      } catch (IOException e) {
        reason = String.valueOf(e.getMessage());
      }
      return Optional.of(
          new Outcome(
              done,
              Optional.of(change),
              Optional.of(reason),
              changes.subList(i + 1, changes.size())));
    }
    return Optional.of(new Outcome(done, Optional.empty(), Optional.empty(), List.of()));
  }

  private void checkKeysHaveAPlace(MantleFile file, List<Change> changes)
      throws InvalidFileException {
    List<Flaw> flaws = new ArrayList<>();
    for (Change change : changes) {
      if (change.step() instanceof Step.Issue(String _, Declaration.Key key)) {
        issued
            .whyNot(ownFile(file, key))
            .ifPresent(reason -> flaws.add(file.flaw(change.pointer(), reason)));
      }
    }
    if (!flaws.isEmpty()) {
      throw new InvalidFileException(flaws);
    }
  }

  private void perform(MantleFile file, Change change)
      throws IOException, RefusedException, InterruptedException {
    switch (change.step()) {
      case Step.Create create -> api.post(create.path(), sent(change, create.body()));
      case Step.Store store -> api.put(store.path(), store.body(), "*");
      case Step.Replace replace ->
          api.put(
              replace.path(),
              sent(change, replace.body()),
              versionOf(replace.path(), replace.asRead()));
      case Step.Delete delete ->
          api.delete(
              delete.path(),
              delete.asRead().isPresent() ? versionOf(delete.path(), delete.asRead().get()) : "*");
      case Step.Issue issue -> issue(file, change.tenant(), issue);
    }
  }

  /** The version of what is there now, if that is what was read. */
  private String versionOf(String path, JsonNode asRead)
      throws IOException, RefusedException, InterruptedException {
    AdminApi.Fetched now =
        api.find(path).orElseThrow(() -> new RefusedException(404, "It is gone.", ""));
    if (!own(now.body()).equals(own(asRead))) {
      throw new RefusedException(412, "Somebody else keeps changing it.", "");
    }
    return now.etag();
  }

  /**
   * Without what follows from something else: from a tenant's plan, from what it spends, or from
   * where a name leads.
   */
  private static JsonNode own(JsonNode shown) {
    return shown instanceof ObjectNode object ? object.deepCopy().without(DERIVED) : shown;
  }

  /** A route's body names its providers; the API wants their ids. */
  private ObjectNode sent(Change change, ObjectNode body)
      throws IOException, RefusedException, InterruptedException {
    if (!body.has("providers")) {
      return body;
    }
    List<JsonNode> providers = api.list("/tenants/" + change.tenant() + "/providers");
    ObjectNode sent = body.deepCopy();
    ArrayNode ids = sent.putArray("providers");
    ObjectNode mapping = sent.putObject("model_mapping");
    for (JsonNode name : body.path("providers")) {
      JsonNode id =
          LiveTenant.named(providers, "name", name.asText())
              .orElseThrow(() -> new RefusedException(404, "One of its providers is gone.", ""))
              .path("id");
      ids.add(id);
      JsonNode model = body.path("model_mapping").path(name.asText());
      if (model.isTextual()) {
        mapping.set(id.asText(), model);
      }
    }
    return sent;
  }

  /** A key whose secret could not be put away is of no use to anybody, so it goes again. */
  private void issue(MantleFile file, String tenant, Step.Issue issue)
      throws IOException, RefusedException, InterruptedException {
    JsonNode made =
        api.post(
            issue.path(), JsonNodeFactory.instance.objectNode().put("name", issue.key().name()));
    try {
      issued.store(
          tenant, issue.key().name(), made.path("key").asText(), ownFile(file, issue.key()));
    } catch (IOException e) {
      api.delete(issue.path() + "/" + made.path("id").asText(), "*");
      throw new IOException("its secret could not be written, so the key was revoked again", e);
    }
  }

  private static Optional<Path> ownFile(MantleFile file, Declaration.Key key) {
    return key.secretFile().map(file::resolve);
  }
}
