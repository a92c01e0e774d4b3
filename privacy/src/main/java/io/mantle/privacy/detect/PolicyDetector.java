package io.mantle.privacy.detect;

import io.mantle.privacy.detect.custom.RuleOverrunException;
import io.mantle.privacy.detect.custom.TenantRules;
import io.mantle.privacy.detect.disguise.Unmasked;
import io.mantle.privacy.detect.passage.Passage;
import io.mantle.privacy.value.Action;
import io.mantle.privacy.value.Plaintext;
import io.mantle.privacy.value.PrivacyPolicy;
import io.mantle.privacy.value.Span;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The tiers that all tenants share, and one tenant's own rules over what they find: allowed phrases
 * are taken out, denied phrases and the tenant's recognizers come in.
 *
 * <p>What the tenant's rules find is kept even where its type is allowed: naming it is the wish
 * that it does not leave.
 */
final class PolicyDetector implements Detector {
  private final Tiers tiers;
  private final TenantRules rules;
  private final PrivacyPolicy policy;

  PolicyDetector(Tiers tiers, TenantRules rules, PrivacyPolicy policy) {
    this.tiers = tiers;
    this.rules = rules;
    this.policy = policy;
  }

  @Override
  public Detector forRequest() {
    Tiers ofRequest = tiers.forRequest();
    return ofRequest.equals(tiers) ? this : new PolicyDetector(ofRequest, rules, policy);
  }

  @Override
  public boolean mayBlock() {
    return tiers.mayBlock();
  }

  @Override
  public List<Span> detect(Plaintext text) {
    Passage passage = new Passage(text.reveal());
    Unmasked unmasked = Unmasked.of(passage);
    SpanMerge merge = new SpanMerge(passage);
    List<Span> allowed = new ArrayList<>();
    tiers.recognize(
        passage,
        unmasked,
        span -> {
          if (rules.allow(passage.text(), span)) {
            allowed.add(span);
          } else {
            merge.add(span);
          }
        });
    NavigableMap<Integer, Integer> allowedEnds = furthestEnds(allowed);
    List<Finding> findings = new ArrayList<>();
    for (Span span : merge.spans()) {
      if (policy.action(span.type()) != Action.ALLOW && !isWithin(span, allowedEnds)) {
        findings.add(new Finding(span, false));
      }
    }
    try {
      findOwn(passage, unmasked, findings);
    } catch (RuleOverrunException e) {
      throw new DetectionOverrunException(String.valueOf(e.getMessage()));
    }
    return resolve(findings);
  }

  /** Start to the furthest end of those that begin there or before. */
  private static NavigableMap<Integer, Integer> furthestEnds(List<Span> spans) {
    spans.sort(Comparator.comparingInt(Span::start));
    NavigableMap<Integer, Integer> ends = new TreeMap<>();
    int furthest = 0;
    for (Span span : spans) {
      furthest = Math.max(furthest, span.end());
      ends.put(span.start(), furthest);
    }
    return ends;
  }

  /** A part of an allowed phrase is allowed with it. */
  private static boolean isWithin(Span span, NavigableMap<Integer, Integer> allowedEnds) {
    var before = allowedEnds.floorEntry(span.start());
    return before != null && before.getValue() >= span.end() && TenantRules.mayAllow(span.type());
  }

  private void findOwn(Passage passage, @Nullable Unmasked unmasked, List<Finding> findings) {
    rules.find(passage.text(), span -> findings.add(new Finding(span, true)));
    if (unmasked != null) {
      rules.find(
          unmasked.text(),
          span -> {
            Span original = unmasked.original(span);
            if (original != null) {
              findings.add(new Finding(original, true));
            }
          });
    }
  }

  /** A finding, and whether a rule of the tenant's own made it. */
  private record Finding(Span span, boolean own) {
    private int start() {
      return span.start();
    }

    private int end() {
      return span.end();
    }

    private boolean contains(Finding other) {
      return start() <= other.start() && other.end() <= end();
    }
  }

  /**
   * Makes one span of findings that overlap. The larger one names the type, for an e-mail address
   * stays one though its host is denied; of two that only share a part the tenant's own does; and a
   * type that the policy blocks goes before all that it does not.
   */
  private List<Span> resolve(List<Finding> findings) {
    findings.sort(
        Comparator.comparingInt(Finding::start)
            .thenComparing(Comparator.comparingInt(Finding::end).reversed())
            .thenComparing(Finding::own, Comparator.reverseOrder()));
    List<Span> spans = new ArrayList<>(findings.size());
    Finding current = null;
    for (Finding next : findings) {
      if (current == null) {
        current = next;
      } else if (next.start() >= current.end()) {
        spans.add(current.span);
        current = next;
      } else {
        current = joined(current, next);
      }
    }
    if (current != null) {
      spans.add(current.span);
    }
    return spans;
  }

  /** Of two that overlap, {@code first} beginning no later. */
  private Finding joined(Finding first, Finding second) {
    boolean firstBlocks = policy.action(first.span.type()) == Action.BLOCK;
    boolean secondBlocks = policy.action(second.span.type()) == Action.BLOCK;
    Finding namer;
    if (firstBlocks != secondBlocks) {
      namer = firstBlocks ? first : second;
    } else {
      namer = first.contains(second) || first.own || !second.own ? first : second;
    }
    Span span =
        new Span(
            first.start(),
            Math.max(first.end(), second.end()),
            namer.span.type(),
            Math.max(first.span.score(), second.span.score()));
    return new Finding(span, namer.own);
  }
}
