package io.mantle.extproc.usage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mantle.extproc.usage.RowStore.Batch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UsageSpoolTest {
  private static final SpoolLimits WIDE = new SpoolLimits(1 << 30, 1 << 20, Duration.ofDays(7));

  /** A file takes three or four frames. */
  private static final SpoolLimits SMALL = new SpoolLimits(1 << 20, 100, Duration.ofDays(7));

  @TempDir
  @SuppressWarnings("NullAway.Init")
  private Path parent;

  @Test
  void rows_ofManyFiles_comeInOrderAndLeaveNoFileBehind() throws IOException {
    try (UsageSpool spool = UsageSpool.open(folder(), SMALL)) {
      List<String> expected = IntStream.range(0, 100).mapToObj(i -> "row-" + i).toList();
      expected.forEach(row -> add(spool, row));
      assertThat(files()).hasSizeGreaterThan(20);
      assertThat(drain(spool, 7)).isEqualTo(expected);
      add(spool, "after");
      assertThat(drain(spool, 7)).containsExactly("after");
      assertThat(files()).hasSize(1);
    }
    assertThat(files()).isEmpty();
  }

  @Test
  void batch_notAcknowledged_comesAgainAndGrows() throws IOException {
    try (UsageSpool spool = UsageSpool.open(folder(), WIDE)) {
      add(spool, "a");
      assertThat(texts(spool.next(10))).containsExactly("a");
      add(spool, "b");
      Batch batch = spool.next(10);
      assertThat(texts(batch)).containsExactly("a", "b");
      spool.acknowledged(batch);
      assertThat(spool.next(10).rows()).isEmpty();
    }
  }

  @Test
  void process_killed_leavesRowsAndWhatWasOpenIsClosedByTheNext() throws IOException {
    UsageSpool killed = UsageSpool.open(folder(), SMALL);
    for (int i = 0; i < 10; i++) {
      killed.opened("id-" + i, bytes("open-" + i));
    }
    for (int i = 0; i < 10; i += 2) {
      killed.closed("id-" + i, bytes("closed-" + i));
    }
    copyTo("copy"); // as the file system has it, whatever the process still holds
    killed.close();
    try (UsageSpool next = UsageSpool.open(parent.resolve("copy"), SMALL)) {
      assertThat(drain(next, 3))
          .containsExactly(
              "closed-0",
              "closed-2",
              "closed-4",
              "closed-6",
              "closed-8", //
              "open-1",
              "open-3",
              "open-5",
              "open-7",
              "open-9");
      assertThat(next.dropped()).isZero();
    }
  }

  @Test
  void exchange_openWhileItsFileIsDeleted_isStillClosedByTheNext() throws IOException {
    UsageSpool killed = UsageSpool.open(folder(), SMALL);
    killed.opened("long", bytes("open-long"));
    for (int i = 0; i < 50; i++) {
      add(killed, "row-" + i);
      drain(killed, 5);
    }
    assertThat(files()).hasSizeLessThan(3);
    copyTo("copy");
    killed.closed("long", bytes("closed-long"));
    assertThat(drain(killed, 5)).containsExactly("closed-long");
    killed.close();
    try (UsageSpool next = UsageSpool.open(parent.resolve("copy"), SMALL)) {
      assertThat(drain(next, 5)).endsWith("open-long").doesNotHaveDuplicates();
    }
  }

  /** Every prefix of what was written: rows that were whole come, in order, none twice. */
  @Test
  void segment_tornAtAnyByte_losesNoWholeFrame() throws IOException {
    List<Frame> frames = new ArrayList<>();
    try (UsageSpool spool = UsageSpool.open(folder(), WIDE)) {
      for (int i = 0; i < 5; i++) {
        spool.opened("id-" + i, bytes("open-" + i));
        spool.closed("id-" + i, bytes("closed-" + i));
      }
      byte[] whole = Files.readAllBytes(files().getFirst());
      for (int at = 0; at < whole.length; at += frames.getLast().bytes()) {
        frames.add(java.util.Objects.requireNonNull(Frame.decode(whole, at)));
      }
      for (int length = 0; length <= whole.length; length++) {
        Path torn = Files.createDirectory(parent.resolve("torn-" + length));
        Files.write(torn.resolve("0000000000000000.usage"), Arrays.copyOf(whole, length));
        try (UsageSpool next = UsageSpool.open(torn, WIDE)) {
          next.closed("new", bytes("new"));
          assertThat(drain(next, 2)).as("%d bytes", length).isEqualTo(expected(frames, length));
        }
        assertThat(files(torn)).isEmpty();
      }
    }
  }

  private static List<String> expected(List<Frame> frames, int length) {
    List<String> rows = new ArrayList<>();
    String open = "";
    int end = 0;
    for (Frame frame : frames) {
      end += frame.bytes();
      if (end <= length) {
        boolean closes = frame.kind() == Frame.Kind.CLOSED;
        open = closes ? "" : new String(frame.row(), UTF_8);
        if (closes) {
          rows.add(new String(frame.row(), UTF_8));
        }
      }
    }
    if (!open.isEmpty()) {
      rows.add(open);
    }
    rows.add("new");
    return rows;
  }

  @Test
  void segment_anyByteChanged_givesNoFrameThatWasNotWritten() throws IOException {
    byte[] one = Frame.encode(Frame.Kind.CLOSED, "id", bytes("row"));
    for (int i = 0; i < one.length; i++) {
      byte[] changed = one.clone();
      changed[i] ^= 0x10;
      assertThat(Frame.decode(changed, 0)).as("byte %d", i).isNull();
    }
    assertThat(Frame.decode(new byte[4_096], 0)).as("zeros").isNull();
  }

  @Test
  void file_changedWhileInUse_losesNoOtherFilesRows() throws IOException {
    try (UsageSpool spool = UsageSpool.open(folder(), SMALL)) {
      IntStream.range(0, 20).forEach(i -> add(spool, "row-" + i));
      Path second = files().get(1);
      byte[] bytes = Files.readAllBytes(second);
      bytes[bytes.length - 1] ^= 1;
      Files.write(second, bytes);
      List<String> rows = drain(spool, 5);
      assertThat(rows).contains("row-0").endsWith("row-19").hasSize(19);
    }
  }

  @Test
  void bound_reached_whatWasOpenedHasItsPlaceAndTheRestIsCounted() throws IOException {
    SpoolLimits tight = new SpoolLimits(200, 100, Duration.ofDays(7));
    try (UsageSpool spool = UsageSpool.open(folder(), tight)) {
      List<String> ids = IntStream.range(0, 20).mapToObj(i -> "id-" + i).toList();
      ids.forEach(id -> spool.opened(id, bytes(id)));
      assertThat(spool.bytes()).isLessThanOrEqualTo(200);
      ids.forEach(id -> spool.closed(id, bytes(id)));
      List<String> kept = drain(spool, 3);
      assertThat(kept).isNotEmpty().isEqualTo(ids.subList(0, kept.size()));
      assertThat(spool.dropped()).isEqualTo(20 - kept.size());
      add(spool, "again");
      assertThat(drain(spool, 3)).containsExactly("again");
      assertThat(spool.dropped()).isEqualTo(20 - kept.size());
    }
  }

  @Test
  void rows_tooOld_areDroppedAndCounted() throws IOException {
    try (UsageSpool spool = UsageSpool.open(folder(), SMALL)) {
      IntStream.range(0, 10).forEach(i -> add(spool, "row-" + i));
      Path oldest = files().getFirst();
      Files.setLastModifiedTime(oldest, FileTime.from(Instant.now().minus(Duration.ofDays(8))));
      List<String> left = drain(spool, 3);
      assertThat(left).endsWith("row-9").doesNotContain("row-0");
      assertThat(spool.dropped()).isPositive().isEqualTo(10 - left.size());
    }
  }

  @Test
  void folder_inUse_isRefusedAndNamed() throws IOException {
    try (UsageSpool _ = UsageSpool.open(folder(), WIDE)) {
      assertThatThrownBy(() -> UsageSpool.open(folder(), WIDE))
          .isInstanceOf(IOException.class)
          .hasMessageContaining(folder().toString());
    }
    UsageSpool.open(folder(), WIDE).close();
  }

  @Test
  void files_areTheOwnersAlone() throws IOException {
    try (UsageSpool spool = UsageSpool.open(folder(), WIDE)) {
      add(spool, "row");
      assertThat(permissions(folder())).isEqualTo("rwx------");
      try (Stream<Path> all = Files.list(folder())) {
        assertThat(all).hasSize(2).allMatch(file -> permissions(file).equals("rw-------"));
      }
    }
  }

  @Test
  void threads_addingAtOnce_loseAndDoubleNothing() throws Exception {
    try (UsageSpool spool =
        UsageSpool.open(folder(), new SpoolLimits(1 << 30, 4_096, WIDE.ageMax()))) {
      CountDownLatch done = new CountDownLatch(4);
      for (int t = 0; t < 4; t++) {
        int thread = t;
        Thread.ofPlatform()
            .start(
                () -> {
                  for (int i = 0; i < 500; i++) {
                    String id = thread + "-" + i;
                    spool.opened(id, bytes("open-" + id));
                    spool.closed(id, bytes(id));
                  }
                  done.countDown();
                });
      }
      List<String> rows = new ArrayList<>();
      while (done.getCount() > 0) {
        rows.addAll(drain(spool, 100));
      }
      rows.addAll(drain(spool, 100));
      assertThat(rows)
          .hasSize(2_000)
          .doesNotHaveDuplicates()
          .noneMatch(row -> row.contains("open"));
    }
    assertThat(files()).isEmpty();
  }

  private Path folder() {
    return parent.resolve("spool");
  }

  private List<Path> files() throws IOException {
    return files(folder());
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      return all.filter(Segment::isOne).sorted().toList();
    }
  }

  private void copyTo(String name) throws IOException {
    Path copy = Files.createDirectory(parent.resolve(name));
    for (Path file : files()) {
      Files.copy(file, copy.resolve(file.getFileName()));
    }
  }

  private static void add(UsageSpool spool, String row) {
    spool.closed(row, bytes(row));
  }

  private static List<String> drain(UsageSpool spool, int rowsMax) {
    List<String> rows = new ArrayList<>();
    for (Batch batch = spool.next(rowsMax); !batch.rows().isEmpty(); batch = spool.next(rowsMax)) {
      assertThat(batch.rows()).hasSizeLessThanOrEqualTo(rowsMax);
      rows.addAll(texts(batch));
      spool.acknowledged(batch);
    }
    return rows;
  }

  private static List<String> texts(Batch batch) {
    return batch.rows().stream().map(row -> new String(row, UTF_8)).toList();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  private static String permissions(Path file) {
    try {
      return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
