package io.mantle.extproc.limit;

import static io.mantle.extproc.tenant.Limits.UNLIMITED;

import java.util.ArrayList;
import java.util.List;

/**
 * One budget that a request draws on.
 *
 * @param ofKey whether it is the key's; else all of the tenant's keys share it
 * @param limit {@link io.mantle.extproc.tenant.Limits#UNLIMITED} where it is only counted
 * @param amount what the request takes; never more than the limit, so that what is empty lets in
 *     any request
 * @param keysPart where in the list the key's part of this budget is counted; -1 where its keys get
 *     no fair shares
 */
record Budget(Span span, boolean ofKey, long limit, long amount, int keysPart) {

  /** All budgets of a request, always in the same order. */
  static List<Budget> of(Ask ask) {
    List<Budget> ofKey = new ArrayList<>();
    List<Budget> ofTenant = new ArrayList<>();
    for (Span span : Span.values()) {
      long tenantLimit = span.limitIn(ask.tenant());
      long keyLimit = span.limitIn(ask.key());
      boolean fair = span.isShared() && tenantLimit != UNLIMITED;
      long asked = span.ofTokens() ? ask.tokens() : 1;
      long amount = Math.min(asked, Math.min(tenantLimit, keyLimit));
      if (keyLimit != UNLIMITED || fair) {
        ofKey.add(new Budget(span, true, keyLimit, amount, -1));
      }
      if (tenantLimit != UNLIMITED) {
        ofTenant.add(new Budget(span, false, tenantLimit, amount, fair ? ofKey.size() - 1 : -1));
      }
    }
    ofKey.addAll(ofTenant);
    return List.copyOf(ofKey);
  }

  boolean isLimited() {
    return limit != UNLIMITED;
  }

  /** A part of the limit, at least 1. */
  Budget shared(int replicas) {
    long share = isLimited() ? Math.max(1, limit / replicas) : limit;
    return new Budget(span, ofKey, share, Math.min(amount, share), keysPart);
  }
}
