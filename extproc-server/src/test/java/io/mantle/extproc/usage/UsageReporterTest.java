package io.mantle.extproc.usage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.grpc.Status;
import io.mantle.extproc.scripted.ControlPlane;
import io.mantle.extproc.value.Call;
import io.mantle.extproc.value.Caller;
import io.mantle.extproc.value.Outcome;
import io.mantle.extproc.value.TokenCounts;
import io.mantle.extproc.value.UsageRecord;
import io.mantle.proto.usage.v1.ReportUsageRequest;
import io.mantle.proto.usage.v1.UsageRow;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UsageReporterTest {
  private static final SpoolLimits LIMITS = new SpoolLimits(1 << 20, Duration.ofDays(1));

  @Test
  void row_allThereIsToTell_arrives() throws Exception {
    try (ControlPlane control = ControlPlane.start();
        UsageReporter reporter = UsageReporter.inMemory(control.channel(), "node-1")) {
      reporter.closed(record("u-1", "gpt-test"));
      ReportUsageRequest batch = control.batch();
      assertThat(batch.getNodeId()).isEqualTo("node-1");
      assertThat(batch.getRows(0))
          .isEqualTo(
              UsageRow.newBuilder()
                  .setId("u-1")
                  .setTenantId("acme")
                  .setKeyId("key-1")
                  .setProviderId("prov-1")
                  .setModel("gpt-test")
                  .setEndpoint("/v1/chat/completions")
                  .setStartedAtEpochMillis(1_000)
                  .setDurationMillis(250)
                  .setFirstByteMillis(40)
                  .setStreamed(true)
                  .setStatus(200)
                  .setOutcome(UsageRow.Outcome.COMPLETED)
                  .setPromptTokens(3)
                  .setCompletionTokens(4)
                  .putEntities("EMAIL", 2)
                  .setPolicyVersion("v1")
                  .setCachedTokens(2)
                  .setReasoningTokens(1)
                  .setTokensEstimated(true)
                  .setRequestBytes(100)
                  .setResponseBytes(2_000)
                  .setAttempts(1)
                  .build());
    }
  }

  @Test
  void batch_notAcknowledged_isSentAgainWithTheSameIds() throws Exception {
    AtomicInteger refusals = new AtomicInteger(2);
    try (ControlPlane control =
            ControlPlane.start(
                _ -> refusals.getAndDecrement() > 0 ? Status.UNAVAILABLE : Status.OK);
        UsageReporter reporter = UsageReporter.inMemory(control.channel(), "node-1")) {
      reporter.closed(record("u-1", "m"));
      List<ReportUsageRequest> batches = List.of(control.batch(), control.batch(), control.batch());
      assertThat(batches).allSatisfy(batch -> assertThat(ids(batch)).containsExactly("u-1"));
      reporter.closed(record("u-2", "m"));
      assertThat(ids(control.batch())).containsExactly("u-2");
      assertThat(reporter.dropped()).isZero();
    }
  }

  @Test
  void controlPlane_awayForAWhile_getsEveryRowOnce() throws Exception {
    try (ControlPlane control = ControlPlane.start();
        UsageReporter reporter = UsageReporter.inMemory(control.channel(), "node-1")) {
      control.stop();
      for (int i = 0; i < 700; i++) {
        reporter.closed(record("u-" + i, "m"));
      }
      control.restart();
      List<String> ids = new ArrayList<>();
      while (ids.size() < 700) {
        ReportUsageRequest batch = control.batch();
        assertThat(batch.getRowsCount()).isLessThanOrEqualTo(500);
        ids.addAll(ids(batch));
      }
      assertThat(ids).doesNotHaveDuplicates().hasSize(700);
    }
  }

  @Test
  void row_refusedForGood_keepsNobodyBack() throws Exception {
    try (ControlPlane control =
        ControlPlane.start(
            batch -> ids(batch).contains("bad") ? Status.INVALID_ARGUMENT : Status.OK)) {
      UsageReporter reporter = UsageReporter.inMemory(control.channel(), "node-1");
      for (String id : List.of("u-1", "bad", "u-2")) {
        reporter.closed(record(id, "m"));
      }
      reporter.close();
      List<String> taken = new ArrayList<>();
      while (!taken.containsAll(List.of("u-1", "u-2"))) {
        ReportUsageRequest batch = control.batch();
        if (!ids(batch).contains("bad")) {
          taken.addAll(ids(batch));
        }
      }
      assertThat(taken).containsExactly("u-1", "u-2");
      assertThat(reporter.dropped()).isOne();
    }
  }

  /** Gateways are upgraded before control planes, so one may not know the latest outcome yet. */
  @Test
  void controlPlane_olderThanUnknown_getsThoseRowsAsBroken_andNoneIsDropped() throws Exception {
    try (ControlPlane control =
        ControlPlane.start(
            batch ->
                batch.getRowsList().stream()
                        .anyMatch(row -> row.getOutcome() == UsageRow.Outcome.UNKNOWN)
                    ? Status.INVALID_ARGUMENT
                    : Status.OK)) {
      UsageReporter reporter = UsageReporter.inMemory(control.channel(), "node-1");
      reporter.closed(record("u-1", "m"));
      reporter.closed(unknown("u-2"));
      reporter.closed(record("u-3", "m"));
      reporter.close();
      Map<String, UsageRow.Outcome> taken = new HashMap<>();
      while (taken.size() < 3) {
        for (UsageRow row : control.batch().getRowsList()) {
          if (row.getOutcome() != UsageRow.Outcome.UNKNOWN) {
            taken.put(row.getId(), row.getOutcome());
          }
        }
      }
      assertThat(taken)
          .containsEntry("u-1", UsageRow.Outcome.COMPLETED)
          .containsEntry("u-2", UsageRow.Outcome.BROKEN)
          .containsEntry("u-3", UsageRow.Outcome.COMPLETED);
      assertThat(reporter.dropped()).isZero();
    }
  }

  @Test
  void model_hostile_isMadeFitForADatabase() throws Exception {
    try (ControlPlane control = ControlPlane.start();
        UsageReporter reporter = UsageReporter.inMemory(control.channel(), "node-1")) {
      reporter.closed(record("u-1", "a\0b" + "x".repeat(1_000)));
      String model = control.batch().getRows(0).getModel();
      assertThat(model).startsWith("a?bx").hasSize(256);
    }
  }

  @Test
  void close_rowsWaiting_sendsThemFirst() throws Exception {
    try (ControlPlane control = ControlPlane.start()) {
      UsageReporter reporter = UsageReporter.inMemory(control.channel(), "node-1");
      reporter.closed(record("u-1", "m"));
      reporter.close();
      assertThat(ids(control.batch())).containsExactly("u-1");
    }
  }

  @Test
  void spooled_controlPlaneAwayAndRestarted_nextProcessBringsAllAndClosesWhatWasOpen(
      @TempDir Path folder) throws Exception {
    try (ControlPlane control = ControlPlane.start()) {
      control.stop();
      UsageReporter first = UsageReporter.spooled(control.channel(), "node-1", folder, LIMITS);
      first.opened(unknown("u-1"));
      first.opened(unknown("u-2"));
      first.closed(record("u-1", "m"));
      first.close();
      control.restart();
      try (UsageReporter _ = UsageReporter.spooled(control.channel(), "node-1", folder, LIMITS)) {
        List<UsageRow> rows = new ArrayList<>();
        while (rows.size() < 2) {
          rows.addAll(control.batch().getRowsList());
        }
        assertThat(rows)
            .extracting(UsageRow::getId, UsageRow::getOutcome)
            .containsExactly(
                tuple("u-1", UsageRow.Outcome.COMPLETED), tuple("u-2", UsageRow.Outcome.UNKNOWN));
        assertThat(rows.getLast().getStartedAtEpochMillis()).isEqualTo(1_000);
      }
    }
  }

  private static List<String> ids(ReportUsageRequest batch) {
    return batch.getRowsList().stream().map(UsageRow::getId).toList();
  }

  private static UsageRecord unknown(String id) {
    return record(id, "m", Outcome.UNKNOWN);
  }

  private static UsageRecord record(String id, String model) {
    return record(id, model, Outcome.COMPLETED);
  }

  private static UsageRecord record(String id, String model, Outcome outcome) {
    return new UsageRecord(
        id,
        new Caller("acme", "key-1", "v1"),
        "/v1/chat/completions",
        new Call.Asked("prov-1", "demo", "http://demo:80", model, true, 1),
        new UsageRecord.Times(
            Instant.ofEpochMilli(1_000), Duration.ofMillis(250), Duration.ofMillis(40)),
        200,
        outcome,
        new TokenCounts(3, 4, 2, 1, true),
        new UsageRecord.Size(100, 2_000),
        new Call.Found(Map.of("EMAIL", 2), false),
        UsageRecord.Worked.NOTHING);
  }
}
