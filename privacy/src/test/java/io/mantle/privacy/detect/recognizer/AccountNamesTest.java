package io.mantle.privacy.detect.recognizer;

import static org.assertj.core.api.Assertions.assertThat;

import io.mantle.privacy.detect.Detector;
import io.mantle.privacy.detect.Detectors;
import io.mantle.privacy.detect.Marked;
import io.mantle.privacy.value.EntityType;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Names of accounts, and what programs write that looks like them. */
class AccountNamesTest {
  private static final Detector RULES = Detectors.ofRules();
  private static final Detector ALL = Detectors.standard();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "username: ⟦jsmith⟧",
        "Username: ⟦john.doe⟧",
        "user name is ⟦jdoe42⟧",
        "login: ⟦jdoe_42⟧",
        "{\"username\": \"⟦jdoe⟧\", \"id\": 3}",
        "\"user\": \"⟦jdoe⟧\"",
        "logged in as ⟦jdoe42⟧",
        "my username is ⟦swordmaster⟧.",
        "follow ⟦@jane_smith⟧ on Twitter",
        "⟦@jane_doe99⟧ said hi",
        "tweet by ⟦@janedoe⟧",
        "Instagram: ⟦jane.smith⟧",
        "my Discord is ⟦shadow_wolf#1234⟧",
        "Telegram ⟦@janesmith⟧",
        "reddit user ⟦u/throwaway123⟧",
        "/home/⟦jsmith⟧/projects/x",
        "C:\\Users\\⟦jsmith⟧\\Documents",
        "/Users/⟦jane.doe⟧/Library",
        "Benutzername: ⟦mmueller⟧",
        "nombre de usuario: ⟦mgarcia88⟧",
        "nom d'utilisateur : ⟦pdupont⟧",
        "identifiant: ⟦pdupont75⟧",
        "nome utente: ⟦mrossi⟧",
        "gebruikersnaam: ⟦jdevries⟧",
        "userid=⟦jdoe1⟧",
        "user ID ⟦54321⟧",
        "account name: ⟦coolcat_77⟧",
        "handle is ⟦@coolcat⟧",
        "screen name ⟦coolcat77⟧",
        "GitHub: ⟦octocat⟧",
        "<username>⟦jdoe⟧</username>",
        "login ⟦jdoe42⟧ failed",
        "DB_USER=⟦app_prod⟧",
        "PS: contact me at ⟦@real_jane⟧",
        "npm i @types/node @angular/core@17 @vue/cli",
        "  @Override¶  public void run() {}",
        " * @param user the user¶ * @return nothing",
        "@media screen and (min-width: 5px) {",
        "@app.route('/login')¶def login(user):",
        "git@github.com:owner/repo.git",
        "foo(@Nullable String user, @NonNull Account account)",
        "user: User, username: string, login = request.form[x]",
        "The user is required. The login was successful. user = None"
      })
  void detect_text_findsWhatIsMarked(String marked) {
    String lines = marked.replace('¶', '\n');
    assertThat(Marked.mark(RULES, Marked.plain(lines), EntityType.USERNAME)).isEqualTo(lines);
  }

  /** Without a label: by the tagger, which takes them for identifiers. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "Hi, I'm locked out again, my account is ⟦tbrandt77⟧ and I need access before noon.",
        "Ticket 4411 was reassigned from ⟦pschulz⟧ to ⟦anovak⟧ yesterday.",
        "The slack user ⟦priya.n⟧ left the workspace.",
        "Owner ⟦wchen⟧ granted editor rights to ⟦lmartin⟧.",
        "Il nickname ⟦gigi_rossi⟧ non è disponibile.",
        "the user opened the page and clicked the button",
        "user admin logged in, user root logged out",
        "assigned to backend, reviewed by security",
        "python3 manage.py runserver with utf8 and sha256",
        "call parse_config2 with max_retries and log4j2",
        "2025-05-09 07:29:24 status half-installed libpq5:amd64 15.16-0",
        "2025-05-09 07:29:24 configure libgcrypt20-dev:amd64 1.10.1-3 <none>"
      })
  void detect_withTheTagger_findsWhatIsMarked(String marked) {
    assertThat(Marked.mark(ALL, Marked.plain(marked), EntityType.USERNAME)).isEqualTo(marked);
  }
}
