package io.mantle.extproc.scripted;

import io.mantle.extproc.value.Call;
import io.mantle.extproc.value.DeliveryMark;
import io.mantle.extproc.value.Tools;
import io.mantle.privacy.produced.AnswerScan;
import io.mantle.privacy.rehydrate.Restoration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What the answer's way knows of a request that never was. */
public final class Calls {
  private Calls() {}

  /**
   * Of one that declared the tool {@code f}, and from which a name and two addresses were masked.
   */
  public static Call restoring(Restoration restoration) {
    return restoring(restoration, false);
  }

  /** The same, asking for an answer that is JSON or not. */
  public static Call restoring(Restoration restoration, boolean answerIsJson) {
    Map<String, Integer> entities = new LinkedHashMap<>();
    entities.put("PERSON", 1);
    entities.put("EMAIL", 2);
    return new Call(
        "r-1",
        "c-1",
        new Call.Asked("prov-1", "demo", "http://demo:80", "m", true, 1),
        new Call.Found(entities, false),
        new Call.Answer(
            answerIsJson,
            false,
            false,
            restoration,
            new Tools(Set.of("f"), Map.of()),
            AnswerScan.NONE,
            DeliveryMark.of(new byte[32], true),
            List.of()));
  }
}
