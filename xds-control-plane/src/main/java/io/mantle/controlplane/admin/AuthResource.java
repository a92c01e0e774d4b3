package io.mantle.controlplane.admin;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.mantle.controlplane.identity.AccessTokens;
import io.mantle.controlplane.identity.Caller;
import io.mantle.controlplane.identity.SignIn;
import io.mantle.controlplane.identity.SignIn.Outcome;
import java.net.InetAddress;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * {@code /auth}: signing up (openly, by invitation, or as the first platform admin), logging in,
 * renewing, logging out, and another password. The answer holds the bearer token and what renews
 * it.
 */
final class AuthResource {
  private static final int PASSWORD_CHARS_MIN = 12;
  private static final int PASSWORD_CHARS_MAX = 256;
  private static final int EMAIL_CHARS_MAX = 254;
  private static final int TOKEN_CHARS_MAX = 200;
  private static final int BUSY_SECONDS = 2;
  private static final int IPV4_BYTES = 4;
  private static final int IPV6_NETWORK_BYTES = 8;
  private static final Pattern EMAIL =
      Pattern.compile("[^@\\s\\p{Cntrl}]{1,64}@[^@\\s\\p{Cntrl}]{1,189}");

  private final SignIn signIn;

  AuthResource(SignIn signIn) {
    this.signIn = signIn;
  }

  void serve(RoutesConfig routes) {
    routes.post(Operation.SIGNUP.route(), this::signUp);
    routes.post(Operation.LOGIN.route(), this::logIn);
    routes.post(Operation.REFRESH.route(), this::refresh);
    routes.post(Operation.LOGOUT.route(), this::logOut);
    routes.post(Operation.PASSWORD_CHANGE.route(), this::changePassword);
  }

  private void signUp(Context context) {
    JsonBody body = JsonBody.read(context.body(), Set.of("email", "password", "invitation"));
    String email = email(body);
    Optional<String> invitation = body.textIfGiven("invitation", 1, TOKEN_CHARS_MAX);
    Optional<String> bootstrap = Gate.bearer(context);
    String password =
        body.text("password", invitation.isPresent() ? 1 : PASSWORD_CHARS_MIN, PASSWORD_CHARS_MAX);
    checkPassword("password", password, email);
    if (bootstrap.isPresent()) {
      answer(context, 201, email, signIn.bootstrap(email, password, bootstrap.get()));
    } else if (invitation.isPresent()) {
      answer(context, 201, email, signIn.accept(email, password, invitation.get()));
    } else {
      answer(context, 201, email, signIn.signUp(email, password, place(context)));
    }
  }

  /** Who asks, as far as it can be told: of IPv6 the network, of which one has all addresses. */
  private static String place(Context context) {
    String address = context.ip();
    try {
      byte[] bytes = InetAddress.ofLiteral(address).getAddress();
      return bytes.length == IPV4_BYTES
          ? address
          : HexFormat.of().formatHex(bytes, 0, IPV6_NETWORK_BYTES);
    } catch (IllegalArgumentException e) {
      return address; // with a zone, which is of this machine's own network
    }
  }

  private void logIn(Context context) {
    JsonBody body = JsonBody.read(context.body(), Set.of("email", "password"));
    String email = body.text("email", 1, EMAIL_CHARS_MAX).toLowerCase(Locale.ROOT);
    answer(context, 200, email, signIn.logIn(email, body.text("password", 1, PASSWORD_CHARS_MAX)));
  }

  private void refresh(Context context) {
    answer(context, 200, "", signIn.refresh(refreshToken(context)));
  }

  private void logOut(Context context) {
    signIn.logOut(refreshToken(context));
    Answer.nothing().writeTo(context);
  }

  private void changePassword(Context context) {
    JsonBody body = JsonBody.read(context.body(), Set.of("current_password", "new_password"));
    String current = body.text("current_password", 1, PASSWORD_CHARS_MAX);
    String next = body.text("new_password", PASSWORD_CHARS_MIN, PASSWORD_CHARS_MAX);
    if (!(Gate.caller(context) instanceof Caller.Person person)) {
      throw new IllegalStateException("the gate let somebody without an account pass");
    }
    checkPassword("new_password", next, person.email());
    Outcome outcome = signIn.changePassword(person, current, next);
    if (outcome instanceof Outcome.Refused) {
      throw new Problem(403, "Forbidden", "This is not the account's password.")
          .at("current_password");
    }
    answer(context, 204, person.email(), outcome);
  }

  private static void checkPassword(String field, String password, String email) {
    if (password.codePointCount(0, password.length()) < PASSWORD_CHARS_MIN
        || password.equalsIgnoreCase(email)) {
      throw Problem.invalid(
          field,
          "A password has at least " + PASSWORD_CHARS_MIN + " characters and is not the address.");
    }
  }

  private static String refreshToken(Context context) {
    return JsonBody.read(context.body(), Set.of("refresh_token"))
        .text("refresh_token", 1, TOKEN_CHARS_MAX);
  }

  static String email(JsonBody body) {
    String email = body.text("email", 3, EMAIL_CHARS_MAX).toLowerCase(Locale.ROOT);
    if (!EMAIL.matcher(email).matches()) {
      throw Problem.invalid("email", "It is not an e-mail address.");
    }
    return email;
  }

  private static void answer(Context context, int status, String email, Outcome outcome) {
    switch (outcome) {
      case Outcome.Entered entered -> {
        ObjectNode body = Answer.object();
        ObjectNode user = body.putObject("user").put("id", entered.accountId().toString());
        if (!email.isEmpty()) {
          user.put("email", email);
        }
        body.put("token", entered.accessToken())
            .put("expires_in", AccessTokens.LIFE.toSeconds())
            .put("refresh_token", entered.refreshToken());
        new Answer(status, body.toString(), "").writeTo(context);
      }
      case Outcome.PasswordChanged _ -> Answer.nothing().writeTo(context);
      case Outcome.Refused _ ->
          throw new Problem(401, "Unauthorized", "What was sent does not let anybody in.");
      case Outcome.Locked locked -> {
        context.header("Retry-After", Long.toString(locked.delay().toSeconds()));
        throw new Problem(
            429, "Too many attempts", "Too many attempts that failed; Retry-After says how long.");
      }
      case Outcome.SignupOff _ ->
          throw new Problem(
              403, "Signup is off", "Accounts are made by invitation here (MANTLE_SIGNUP).");
      case Outcome.Taken _ ->
          throw new Problem(409, "Conflict", "No account can be made with this address.")
              .at("email");
      case Outcome.Busy _ -> {
        context.header("Retry-After", Integer.toString(BUSY_SECONDS));
        throw new Problem(503, "Busy", "Too many are logging in at this moment.");
      }
    }
  }
}
