package io.mantle.extproc.lastgood;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SealedJournalTest {
  private static final Instant AS_OF = Instant.parse("2026-11-22T10:15:30.123Z");

  @TempDir Path folder;
  private int writings;

  @Test
  void changes_sinceTheWhole_areReadAfterItInTheirOrder() throws Exception {
    SealedJournal journal = journal();
    write(journal, "ignored", "whole");
    write(journal, "one", "ignored");
    write(journal, "two", "ignored");

    assertThat(read()).contains("whole", "one", "two");
    assertThat(journal().read(SealedJournalTest::list, SealedJournalTest::add))
        .map(SealedJournal.Opened::asOf)
        .contains(AS_OF.plusSeconds(3));
    assertThat(Files.readString(changes(), StandardCharsets.ISO_8859_1))
        .doesNotContain("one")
        .doesNotContain("two");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(changes())))
        .isEqualTo("rw-------");
  }

  @Test
  void journal_ofAProcessThatStarts_beginsWithTheWhole() throws Exception {
    write(journal(), "ignored", "whole");
    write(journal(), "ignored", "next");
    assertThat(read()).containsExactly("next");
  }

  @Test
  void changes_asLongAsTheWhole_areWrittenIntoIt() throws Exception {
    SealedJournal journal = journal();
    write(journal, "ignored", "whole");
    String long1 = "x".repeat(700_000);
    write(journal, long1, "ignored");
    assertThat(read()).containsExactly("whole", long1);
    write(journal, long1, "all of it");
    assertThat(read()).containsExactly("all of it");
    write(journal, "one", "ignored");
    assertThat(read()).containsExactly("all of it", "one");
  }

  @Test
  void changes_cutOrChangedAnywhere_endWhereTheyAreStillGenuine() throws Exception {
    SealedJournal journal = journal();
    write(journal, "ignored", "whole");
    write(journal, "one", "ignored");
    int first = (int) Files.size(changes());
    write(journal, "two", "ignored");
    byte[] all = Files.readAllBytes(changes());
    for (int at = 0; at < all.length; at++) {
      List<String> expected = at < first ? List.of("whole") : List.of("whole", "one");
      Files.write(changes(), Arrays.copyOf(all, at));
      assertThat(read()).as("cut at %d", at).isEqualTo(expected);
      byte[] changed = all.clone();
      changed[at] ^= 1;
      Files.write(changes(), changed);
      assertThat(read()).as("changed at %d", at).isEqualTo(expected);
    }
  }

  @Test
  void change_repeatedOrOfAnotherWhole_isNone() throws Exception {
    SealedJournal journal = journal();
    write(journal, "ignored", "whole");
    int head = (int) Files.size(changes());
    write(journal, "one", "ignored");
    byte[] all = Files.readAllBytes(changes());
    byte[] repeated = Arrays.copyOf(all, 2 * all.length - head);
    System.arraycopy(all, head, repeated, all.length, all.length - head);
    Files.write(changes(), repeated);
    assertThat(read()).containsExactly("whole", "one");

    write(journal(), "ignored", "later");
    byte[] later = Files.readAllBytes(changes());
    Files.write(changes(), all);
    assertThat(read()).as("a process that ended between the two files").containsExactly("later");
    byte[] mixed = Arrays.copyOf(later, later.length + all.length - head);
    System.arraycopy(all, head, mixed, later.length, all.length - head);
    Files.write(changes(), mixed);
    assertThat(read()).containsExactly("later");
  }

  @Test
  void change_thatCouldNotBeWritten_isInTheNextWhole() throws Exception {
    SealedJournal journal = journal();
    write(journal, "ignored", "whole");
    write(journal, "one", "ignored");
    assertThatThrownBy(
            () ->
                journal.write(
                    AS_OF,
                    _ -> {
                      throw new IOException("no");
                    },
                    _ -> {}))
        .isInstanceOf(IOException.class);
    assertThat(read()).containsExactly("whole", "one");
    write(journal, "three", "whole one two three");
    assertThat(read()).containsExactly("whole one two three");
  }

  private SealedJournal journal() throws IOException {
    return LastGoodFolder.withKeyOfItsOwn(folder).journal("policies");
  }

  private Path changes() {
    return folder.resolve("last-good").resolve("policies.changes");
  }

  private void write(SealedJournal journal, String change, String all) throws IOException {
    journal.write(
        AS_OF.plusSeconds(++writings),
        out -> out.write(change.getBytes(StandardCharsets.UTF_8)),
        out -> out.write(all.getBytes(StandardCharsets.UTF_8)));
  }

  private List<String> read() throws IOException {
    Optional<SealedJournal.Opened<List<String>>> opened =
        journal().read(SealedJournalTest::list, SealedJournalTest::add);
    return opened.orElseThrow().content();
  }

  private static List<String> list(InputStream in) throws IOException {
    return List.of(new String(in.readAllBytes(), StandardCharsets.UTF_8));
  }

  private static List<String> add(List<String> before, InputStream in) throws IOException {
    List<String> after = new ArrayList<>(before);
    after.add(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    return after;
  }
}
