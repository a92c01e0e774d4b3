package io.mantle.vault;

import static org.assertj.core.api.Assertions.assertThat;

import io.mantle.privacy.value.Plaintext;
import java.util.List;
import org.junit.jupiter.api.Test;

class SubjectTest {
  @Test
  void spellings_ofOneValue_areOne() {
    List<List<String>> spellings =
        List.of(
            List.of("Zoë Müller", "ZOE MULLER", "zoe\u00a0 muller", "Zoe\u0308 Mu\u0308ller"),
            List.of("Jörg Weiß", "JÖRG WEISS", "Jorg Weiss"),
            List.of("4539 1488 0343 6467", "4539148803436467", "4539-1488-0343-6467"),
            List.of("maria.garcia@acme-mail.com", "Maria.Garcia@Acme-Mail.com"),
            List.of("İpek", "Ipek"));
    for (List<String> one : spellings) {
      assertThat(one.stream().map(SubjectTest::subject).distinct())
          .describedAs(one.getFirst())
          .hasSize(1);
    }
  }

  @Test
  void values_thatDiffer_areTwo() {
    assertThat(subject("Maria Garcia")).isNotEqualTo(subject("Maria Garza"));
    assertThat(subject("किरण")).isNotEqualTo(subject("करण"));
    assertThat(subject("山田太郎")).isNotEqualTo(subject("山田花子"));
    assertThat(subject("!?!")).isNotEqualTo(subject("?!?")).isEqualTo("!?!");
  }

  private static String subject(String text) {
    return Subject.of(new Plaintext(text));
  }
}
