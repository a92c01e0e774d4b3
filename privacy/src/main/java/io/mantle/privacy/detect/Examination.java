package io.mantle.privacy.detect;

import io.mantle.privacy.value.PrivacyPolicy;

/**
 * How a tenant's texts are examined: a detector, what happens to what it finds, and what may leave
 * though it was found elsewhere. They belong together: what a tenant's own rules find may not leave
 * whatever its type, so where there are rules the detector itself leaves out what the policy
 * allows, and nothing it finds is allowed.
 *
 * @param unwaiting the detector, without what may wait: the same where nothing does
 */
public record Examination(
    Detector detector, Detector unwaiting, PrivacyPolicy actions, AllowedMentions allowed) {

  /** One whose detector never waits, and that allows no mention. */
  public Examination(Detector detector, PrivacyPolicy actions) {
    this(detector, detector, actions, AllowedMentions.NONE);
  }

  /** The same with another detector, such as one that remembers what this one finds. */
  public Examination with(Detector other) {
    return new Examination(other, unwaiting, actions, allowed);
  }

  /** The same where others wait for the thread: the tenant's rules, and no deep tier. */
  public Examination withoutWaiting() {
    return with(unwaiting);
  }
}
