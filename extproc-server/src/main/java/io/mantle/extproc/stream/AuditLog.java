package io.mantle.extproc.stream;

import io.mantle.extproc.value.Call;
import io.mantle.extproc.value.Caller;
import io.mantle.privacy.produced.AnswerScan;
import io.mantle.privacy.rehydrate.Tally;
import io.mantle.privacy.value.EntityType;
import java.util.EnumMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says in the log what an audit wants to know of an exchange: who, under which policy, which types
 * and how many. Never a value, and no host of a link either, since a model may have put one there.
 */
final class AuditLog {
  private static final Logger log = LoggerFactory.getLogger(AuditLog.class);

  private AuditLog() {}

  /** What was left in links to hosts that neither the prompt named nor the tenant allows. */
  static void linksWithheld(Caller caller, String requestId, Tally tally) {
    if (tally.withheldCount() == 0) {
      return;
    }
    Map<EntityType, Integer> types = new EnumMap<>(EntityType.class);
    tally.withheld().forEach(withheld -> types.merge(withheld.type(), 1, Integer::sum));
    log.warn(
        "audit: link_withheld tenant={} key={} policy={} request={} values={} types={}",
        caller.tenantId(),
        caller.keyId(),
        caller.policyVersion(),
        requestId,
        tally.withheldCount(),
        types);
  }

  /** That nothing was sent since a provider's name leads to an address that is not allowed. */
  static void addressRefused(Caller caller, String requestId, Call.Asked asked) {
    log.warn(
        "audit: provider_address_refused tenant={} key={} policy={} request={} provider={}",
        caller.tenantId(),
        caller.keyId(),
        caller.policyVersion(),
        requestId,
        asked.providerId());
  }

  /** What the model said of its own, and was masked, or ended the answer. */
  static void produced(Caller caller, String requestId, AnswerScan scan) {
    if (scan.found().isEmpty()) {
      return;
    }
    log.info(
        "audit: {} tenant={} key={} policy={} request={} types={}",
        scan.blocks() ? "answer_blocked" : "answer_masked",
        caller.tenantId(),
        caller.keyId(),
        caller.policyVersion(),
        requestId,
        scan.found());
  }
}
