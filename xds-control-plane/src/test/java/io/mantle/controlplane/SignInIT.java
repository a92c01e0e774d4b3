package io.mantle.controlplane;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** How people come in, stay in and are kept out, on a real Postgres. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class SignInIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String BOOTSTRAP = "bootstrap-token-0123456789";
  private static final String ADMINS = "/api/v1/platform/admins";
  private static final String PASSWORD = "correct horse battery";

  private TestPostgres postgres;
  private RunningControlPlane running;

  @BeforeAll
  void start(@TempDir Path directory) throws Exception {
    postgres = TestPostgres.create();
    Files.writeString(directory.resolve("bootstrap"), BOOTSTRAP);
    running =
        RunningControlPlane.start(
            directory,
            Map.of(
                "MANTLE_DATABASE_URL", postgres.urlText(),
                "MANTLE_SIGNUP", "on",
                "MANTLE_BOOTSTRAP_ADMIN_TOKEN_FILE", directory.resolve("bootstrap").toString()));
  }

  @AfterAll
  void stop() {
    running.close();
  }

  @Test
  void signup_open_makesAnOwnerOfAFreeTenantWhoCanWork() throws Exception {
    JsonNode entered = json(signUp("Ann@Example.com"));
    String token = entered.path("token").asText();
    HttpResponse<String> tenants = running.ask("GET", "/api/v1/tenants", token, "");

    assertThat(entered.at("/user/email").asText()).isEqualTo("ann@example.com");
    JsonNode tenant = json(tenants).at("/data/0");
    assertThat(tenant.path("plan").asText()).isEqualTo("free");
    assertThat(json(tenants).path("data")).hasSize(1);
    HttpResponse<String> key =
        running.ask("POST", "/api/v1/tenants/" + tenant.path("id").asText() + "/keys", token, "{}");
    assertThat(key.statusCode()).as(key.body()).isEqualTo(201);
    assertThat(json(key).path("key").asText()).startsWith("sk-mantle-");
  }

  @Test
  void signup_ofAnAddressThatIsTaken_isRefusedAndChangesNothing() throws Exception {
    signUp("twice@example.com");

    HttpResponse<String> again =
        running.ask(
            "POST", "/api/v1/auth/signup", "", login("twice@example.com", "another one 12"));
    assertThat(again.statusCode()).isEqualTo(409);
    assertThat(logIn("twice@example.com", PASSWORD).statusCode()).isEqualTo(200);
    assertThat(postgres.query("SELECT count(*) FROM tenant WHERE name = 'twice@example.com'"))
        .containsExactly("1");
  }

  /** In a control plane of its own: whoever asks from this machine waits. */
  @Test
  void signup_thatTriesAddresses_hasToWait_andWhoFindsThemFreeHasNot(@TempDir Path directory)
      throws Exception {
    TestPostgres own = TestPostgres.create();
    try (RunningControlPlane open =
        RunningControlPlane.start(
            directory, Map.of("MANTLE_DATABASE_URL", own.urlText(), "MANTLE_SIGNUP", "on"))) {
      for (int i = 0; i < 8; i++) {
        assertThat(signUp(open, "new" + i + "@example.com").statusCode()).isEqualTo(201);
      }
      for (int i = 0; i < 4; i++) {
        assertThat(signUp(open, "new" + i + "@example.com").statusCode()).isEqualTo(409);
      }
      assertThat(signUp(open, "new-too@example.com").statusCode()).isEqualTo(201);
      own.execute("UPDATE login_attempt SET failures = 20 WHERE failures = 4"); // as many more did
      assertThat(signUp(open, "new4@example.com").statusCode()).isEqualTo(409);
      HttpResponse<String> told = signUp(open, "new5@example.com");
      assertThat(told.statusCode()).isEqualTo(429);
      assertThat(Long.parseLong(told.headers().firstValue("Retry-After").orElse("0")))
          .isBetween(800L, 900L);
      assertThat(signUp(open, "nobody@example.com").body())
          .as("nothing of whether it is taken")
          .contains("Too many attempts");
      assertThat(
              open.ask("POST", "/api/v1/auth/login", "", login("new5@example.com", PASSWORD))
                  .statusCode())
          .as("who has an account comes in")
          .isEqualTo(200);
    }
  }

  private static HttpResponse<String> signUp(RunningControlPlane at, String email)
      throws Exception {
    return at.ask("POST", "/api/v1/auth/signup", "", login(email, PASSWORD));
  }

  @Test
  void signup_withAShortPassword_namesTheField() throws Exception {
    HttpResponse<String> refused =
        running.ask("POST", "/api/v1/auth/signup", "", login("short@example.com", "hunter2"));
    assertThat(refused.statusCode()).isEqualTo(422);
    assertThat(json(refused).path("field").asText()).isEqualTo("password");
    assertThat(refused.body()).doesNotContain("hunter2");
  }

  @Test
  void login_unknownAddressAndWrongPassword_areAnsweredTheSame() throws Exception {
    signUp("known@example.com");
    HttpResponse<String> wrong = logIn("known@example.com", "wrong password!");
    HttpResponse<String> unknown = logIn("unknown@example.com", "wrong password!");

    assertThat(wrong.statusCode()).isEqualTo(401);
    assertThat(unknown.statusCode()).isEqualTo(401);
    assertThat(unknown.body()).isEqualTo(wrong.body());
    List<String> names = unknown.headers().map().keySet().stream().sorted().toList();
    assertThat(names).isEqualTo(wrong.headers().map().keySet().stream().sorted().toList());
  }

  @Test
  void login_unknownAddressAndWrongPassword_takeAboutTheSameTime() throws Exception {
    List<Long> known = new ArrayList<>();
    List<Long> unknown = new ArrayList<>();
    for (int i = 0; i < 9; i++) {
      // A new address each time: the fifth failure of one would be told to wait.
      signUp("timing" + i + "@example.com");
      known.add(nanosOf("timing" + i + "@example.com"));
      unknown.add(nanosOf("nobody" + i + "@example.com"));
    }
    Collections.sort(known);
    Collections.sort(unknown);
    double ratio = (double) known.get(4) / unknown.get(4);
    System.out.printf(
        "median of 9: known %d ms, unknown %d ms%n",
        known.get(4) / 1_000_000, unknown.get(4) / 1_000_000);
    assertThat(ratio).isBetween(0.5, 2.0);
  }

  private long nanosOf(String email) throws Exception {
    long start = System.nanoTime();
    assertThat(logIn(email, "wrong password!").statusCode()).isEqualTo(401);
    return System.nanoTime() - start;
  }

  @Test
  void login_manyWrongPasswords_waitWhetherTheAccountExistsOrNot() throws Exception {
    signUp("locked@example.com");
    for (String email : List.of("locked@example.com", "locked-nobody@example.com")) {
      List<Integer> answers = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        answers.add(logIn(email, "wrong password!").statusCode());
      }
      assertThat(answers).as(email).startsWith(401, 401, 401, 401).endsWith(429);
    }
    postgres.execute("UPDATE login_attempt SET locked_until = now() + interval '1 minute'");
    HttpResponse<String> right = logIn("locked@example.com", PASSWORD);
    assertThat(right.statusCode()).isEqualTo(429);
    assertThat(right.headers().firstValue("retry-after")).isPresent();
    postgres.execute("UPDATE login_attempt SET locked_until = now()");
    assertThat(logIn("locked@example.com", PASSWORD).statusCode()).isEqualTo(200);
  }

  @Test
  void login_manyAtOnce_doNotGetMoreTriesThanOneAfterTheOther() throws Exception {
    List<CompletableFuture<Integer>> tries = new ArrayList<>();
    for (int i = 0; i < 24; i++) {
      tries.add(
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  return logIn("burst@example.com", "wrong password!").statusCode();
                } catch (Exception e) {
                  throw new IllegalStateException(e);
                }
              },
              task -> Thread.ofVirtual().start(task)));
    }
    List<Integer> answers = tries.stream().map(CompletableFuture::join).toList();
    assertThat(answers).filteredOn(status -> status != 429).hasSizeLessThanOrEqualTo(7);
  }

  @Test
  void refresh_rotates_andATokenUsedTwiceEndsTheSession() throws Exception {
    JsonNode first = json(signUp("refresh@example.com"));
    JsonNode second = json(refresh(first.path("refresh_token").asText()));
    assertThat(tenants(second.path("token").asText())).isEqualTo(200);

    assertThat(refresh(first.path("refresh_token").asText()).statusCode()).isEqualTo(401);

    assertThat(refresh(second.path("refresh_token").asText()).statusCode()).isEqualTo(401);
    assertThat(tenants(second.path("token").asText())).isEqualTo(401);
    assertThat(tenants(first.path("token").asText())).isEqualTo(401);
    assertThat(postgres.query("SELECT count(*) FROM audit WHERE action = 'session.refresh-reused'"))
        .containsExactly("1");
  }

  @Test
  void refresh_sameTokenAtOnce_leavesNoLiveSession() throws Exception {
    String token = json(signUp("race@example.com")).path("refresh_token").asText();
    List<CompletableFuture<Integer>> tries = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      tries.add(
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  return refresh(token).statusCode();
                } catch (Exception e) {
                  throw new IllegalStateException(e);
                }
              },
              task -> Thread.ofVirtual().start(task)));
    }
    assertThat(tries.stream().map(CompletableFuture::join).filter(status -> status == 200))
        .hasSizeLessThanOrEqualTo(1);
    assertThat(
            postgres.query(
                "SELECT count(*) FROM session JOIN account ON account.id = account_id"
                    + " WHERE email = 'race@example.com' AND ended_at IS NULL"))
        .containsExactly("0");
  }

  @Test
  void logout_endsTheSessionAtOnce() throws Exception {
    JsonNode entered = json(signUp("logout@example.com"));
    String body = "{\"refresh_token\":\"" + entered.path("refresh_token").asText() + "\"}";

    assertThat(running.ask("POST", "/api/v1/auth/logout", "", body).statusCode()).isEqualTo(204);
    assertThat(tenants(entered.path("token").asText())).isEqualTo(401);
    assertThat(refresh(entered.path("refresh_token").asText()).statusCode()).isEqualTo(401);
  }

  @Test
  void accessToken_forged_isRefused() throws Exception {
    String token = json(signUp("forged@example.com")).path("token").asText();
    String[] parts = token.split("\\.", -1);
    String none =
        Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString(
                "{\"alg\":\"none\",\"typ\":\"at+jwt\"}"
                    .getBytes(java.nio.charset.StandardCharsets.UTF_8));
    char flipped = parts[2].charAt(0) == 'A' ? 'B' : 'A';

    assertThat(tenants(token)).isEqualTo(200);
    assertThat(tenants(none + "." + parts[1] + ".")).isEqualTo(401);
    assertThat(tenants(parts[0] + "." + parts[1] + "." + flipped + parts[2].substring(1)))
        .isEqualTo(401);
    assertThat(tenants("x")).isEqualTo(401);
  }

  @Test
  void bootstrap_makesOnePlatformAdmin() throws Exception {
    HttpResponse<String> wrong =
        running.ask(
            "POST",
            "/api/v1/auth/signup",
            "another-token-0123456789",
            login("a@x.example", PASSWORD));
    HttpResponse<String> first =
        running.ask("POST", "/api/v1/auth/signup", BOOTSTRAP, login("root@x.example", PASSWORD));
    HttpResponse<String> second =
        running.ask("POST", "/api/v1/auth/signup", BOOTSTRAP, login("b@x.example", PASSWORD));

    assertThat(wrong.statusCode()).isEqualTo(401);
    assertThat(first.statusCode()).as(first.body()).isEqualTo(201);
    assertThat(second.statusCode()).isEqualTo(401);
    assertThat(
            running
                .ask("GET", "/api/v1/envoy/status", json(first).path("token").asText(), "")
                .statusCode())
        .isEqualTo(200);
  }

  @Test
  void password_changed_endsTheOtherSessionsAndKeepsThisOne() throws Exception {
    JsonNode here = json(signUp("change@example.com"));
    JsonNode there = json(logIn("change@example.com", PASSWORD));
    String token = here.path("token").asText();

    HttpResponse<String> wrong = changePassword(token, "wrong password!", "next password 1");
    assertThat(wrong.statusCode()).isEqualTo(403);
    assertThat(json(wrong).path("field").asText()).isEqualTo("current_password");
    assertThat(changePassword(token, PASSWORD, "change@example.com").statusCode()).isEqualTo(422);
    assertThat(changePassword("", PASSWORD, "next password 1").statusCode()).isEqualTo(401);
    assertThat(tenants(there.path("token").asText())).isEqualTo(200);

    HttpResponse<String> changed = changePassword(token, PASSWORD, "next password 1");
    assertThat(changed.statusCode()).as(changed.body()).isEqualTo(204);
    assertThat(tenants(token)).isEqualTo(200);
    assertThat(tenants(there.path("token").asText())).isEqualTo(401);
    assertThat(refresh(there.path("refresh_token").asText()).statusCode()).isEqualTo(401);
    assertThat(refresh(here.path("refresh_token").asText()).statusCode()).isEqualTo(200);
    assertThat(logIn("change@example.com", PASSWORD).statusCode()).isEqualTo(401);
    assertThat(logIn("change@example.com", "next password 1").statusCode()).isEqualTo(200);
  }

  @Test
  void password_guessedByWhoStoleASession_waitsAsTheLoginDoes() throws Exception {
    String token = json(signUp("stolen@example.com")).path("token").asText();
    List<Integer> answers = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      answers.add(changePassword(token, "wrong password!", "next password 1").statusCode());
    }
    assertThat(answers).startsWith(403, 403, 403, 403).endsWith(429);
  }

  @Test
  void platformAdmin_grantedAndRevoked_isOneAtOnceAndTheLastStays() throws Exception {
    postgres.execute("DELETE FROM platform_admin");
    JsonNode first = json(signUp("first-admin@example.com"));
    JsonNode second = json(signUp("second-admin@example.com"));
    String firstToken = first.path("token").asText();
    String secondToken = second.path("token").asText();
    assertThat(envoyStatus(firstToken)).isEqualTo(403);

    assertThat(grant(RunningControlPlane.TOKEN, "first-admin@example.com")).isEqualTo(201);
    assertThat(grant(firstToken, "Second-Admin@example.com")).isEqualTo(201);
    assertThat(grant(firstToken, "second-admin@example.com")).isEqualTo(201);
    assertThat(grant(firstToken, "no-account@example.com")).isEqualTo(422);
    assertThat(envoyStatus(secondToken)).isEqualTo(200);
    assertThat(json(running.ask("GET", ADMINS, secondToken, "")).path("data")).hasSize(2);

    String firstId = first.at("/user/id").asText();
    String secondId = second.at("/user/id").asText();
    assertThat(revoke(secondToken, firstId)).isEqualTo(204);
    assertThat(envoyStatus(firstToken)).isEqualTo(403);
    assertThat(revoke(secondToken, firstId)).isEqualTo(404);
    assertThat(revoke(secondToken, secondId)).isEqualTo(409);
    assertThat(revoke(RunningControlPlane.TOKEN, secondId)).isEqualTo(409);
    assertThat(envoyStatus(secondToken)).isEqualTo(200);
    postgres.execute("DELETE FROM platform_admin");
  }

  @Test
  void platformAdmins_whoRevokeEachOtherAtOnce_leaveOne() throws Exception {
    postgres.execute("DELETE FROM platform_admin");
    List<JsonNode> admins =
        List.of(json(signUp("one-admin@example.com")), json(signUp("other-admin@example.com")));
    grant(RunningControlPlane.TOKEN, "one-admin@example.com");
    grant(RunningControlPlane.TOKEN, "other-admin@example.com");
    List<CompletableFuture<Integer>> revoked = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      String id = admins.get(1 - i).at("/user/id").asText();
      revoked.add(
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  return revoke(RunningControlPlane.TOKEN, id);
                } catch (Exception e) {
                  throw new IllegalStateException(e);
                }
              },
              task -> Thread.ofVirtual().start(task)));
    }
    assertThat(revoked.stream().map(CompletableFuture::join)).containsExactlyInAnyOrder(204, 409);
    postgres.execute("DELETE FROM platform_admin");
  }

  @Test
  void tokenKey_rotated_signsAndTheOldOneIsAcceptedUntilItsTimeIsUp() throws Exception {
    String old = json(signUp("rotate@example.com")).path("token").asText();
    HttpResponse<String> rotated =
        running.ask("POST", "/api/v1/platform/token-keys", RunningControlPlane.TOKEN, "");
    assertThat(rotated.statusCode()).as(rotated.body()).isEqualTo(201);
    String kid = json(rotated).path("id").asText();
    String next = json(logIn("rotate@example.com", PASSWORD)).path("token").asText();

    assertThat(kid(next)).isEqualTo(kid).isNotEqualTo(kid(old));
    assertThat(tenants(old)).isEqualTo(200);
    assertThat(tenants(next)).isEqualTo(200);

    postgres.execute("UPDATE token_key SET created_at = created_at - interval '21 minutes'");
    running.ask("POST", "/api/v1/platform/token-keys", RunningControlPlane.TOKEN, "");
    assertThat(tenants(next)).as("the one before is within its time").isEqualTo(200);
    assertThat(tenants(old)).as("the one before that is not").isEqualTo(401);
    assertThat(postgres.query("SELECT count(*) FROM token_key")).containsExactly("2");
  }

  private static String kid(String token) throws Exception {
    return JSON.readTree(Base64.getUrlDecoder().decode(token.split("\\.", -1)[0]))
        .path("kid")
        .asText();
  }

  private HttpResponse<String> changePassword(String token, String current, String next)
      throws Exception {
    return running.ask(
        "POST",
        "/api/v1/auth/password",
        token,
        "{\"current_password\":\"%s\",\"new_password\":\"%s\"}".formatted(current, next));
  }

  private int grant(String token, String email) throws Exception {
    return running.ask("POST", ADMINS, token, "{\"email\":\"" + email + "\"}").statusCode();
  }

  private int revoke(String token, String id) throws Exception {
    return running.ask("DELETE", ADMINS + "/" + id, token, "").statusCode();
  }

  private int envoyStatus(String token) throws Exception {
    return running.ask("GET", "/api/v1/envoy/status", token, "").statusCode();
  }

  @Test
  void invitation_isGoodForItsAddress_once() throws Exception {
    JsonNode owner = json(signUp("inviter@example.com"));
    String token = owner.path("token").asText();
    String tenant =
        json(running.ask("GET", "/api/v1/tenants", token, "")).at("/data/0/id").asText();
    JsonNode invited =
        json(
            running.ask(
                "POST",
                "/api/v1/tenants/" + tenant + "/members",
                token,
                "{\"email\":\"new@example.com\",\"role\":\"auditor\"}"));
    String invitation = invited.path("invitation").asText();

    assertThat(accept("other@example.com", invitation).statusCode()).isEqualTo(401);
    HttpResponse<String> accepted = accept("new@example.com", invitation);
    assertThat(accepted.statusCode()).as(accepted.body()).isEqualTo(201);
    assertThat(accept("new@example.com", invitation).statusCode()).isEqualTo(401);
    String guest = json(accepted).path("token").asText();
    assertThat(running.ask("GET", "/api/v1/tenants/" + tenant, guest, "").statusCode())
        .isEqualTo(200);
    assertThat(running.ask("POST", "/api/v1/tenants/" + tenant + "/keys", guest, "{}").statusCode())
        .isEqualTo(403);
  }

  @Test
  void passwordsAndTokens_areNotStoredInClear() throws Exception {
    JsonNode entered = json(signUp("stored@example.com"));
    String hash =
        postgres
            .query("SELECT password_hash FROM account WHERE email = 'stored@example.com'")
            .getFirst();
    assertThat(hash).startsWith("$argon2id$v=19$m=19456,t=2,p=1$").doesNotContain(PASSWORD);
    assertThat(postgres.query("SELECT encode(sha256, 'escape') FROM refresh_token"))
        .doesNotContain(entered.path("refresh_token").asText());
  }

  private HttpResponse<String> signUp(String email) throws Exception {
    HttpResponse<String> made =
        running.ask("POST", "/api/v1/auth/signup", "", login(email, PASSWORD));
    assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
    return made;
  }

  private HttpResponse<String> accept(String email, String invitation) throws Exception {
    return running.ask(
        "POST",
        "/api/v1/auth/signup",
        "",
        "{\"email\":\"%s\",\"password\":\"%s\",\"invitation\":\"%s\"}"
            .formatted(email, PASSWORD, invitation));
  }

  private HttpResponse<String> logIn(String email, String password) throws Exception {
    return running.ask("POST", "/api/v1/auth/login", "", login(email, password));
  }

  private HttpResponse<String> refresh(String token) throws Exception {
    return running.ask("POST", "/api/v1/auth/refresh", "", "{\"refresh_token\":\"" + token + "\"}");
  }

  private int tenants(String token) throws Exception {
    return running.ask("GET", "/api/v1/tenants", token, "").statusCode();
  }

  private static String login(String email, String password) {
    return "{\"email\":\"" + email + "\",\"password\":\"" + password + "\"}";
  }

  private static JsonNode json(HttpResponse<String> response) throws Exception {
    return JSON.readTree(response.body());
  }
}
