package io.mantle.privacy.detect;

import java.util.Locale;
import java.util.Set;

/** Names that say that a secret follows: of fields, variables, headers and in sentences. */
final class SecretNames {
  /** Which secrets a name is for. */
  enum Kind {
    /** What people choose, and may be a word. */
    CHOSEN,
    /** What is generated, and looks like it. */
    GENERATED,
    /** What is generated for a while; a UUID there is a mere name. */
    SESSION,
    NONE
  }

  private static final int CHARS_MIN = 3;
  private static final int CHARS_MAX = 64;

  /** Endings of names, lower case and without joints, whose values people choose. */
  private static final String[] CHOSEN = {
    "password",
    "passwd",
    "passphrase",
    "passcode",
    "pwd",
    "passwort",
    "kennwort",
    "contrase\u00f1a",
    "contrasena",
    "contrasenya",
    "motdepasse",
    "wachtwoord",
    "senha",
    "has\u0142o",
    "l\u00f6senord",
    "adgangskode",
    "passord",
    "salasana",
    "palavrapasse",
    "heslo",
    "parola"
  };

  /** Endings of names whose values are generated. */
  private static final String[] GENERATED = {
    "apikey",
    "appkey",
    "secret",
    "secretkey",
    "accesskey",
    "privatekey",
    "privatekeyid",
    "signingkey",
    "encryptionkey",
    "masterkey",
    "accountkey",
    "subscriptionkey",
    "licensekey",
    "authkey",
    "deploykey",
    "webhookkey",
    "sharedkey",
    "storagekey",
    "authtoken",
    "accesstoken",
    "refreshtoken",
    "apitoken",
    "bearertoken",
    "bottoken",
    "idtoken",
    "securitytoken",
    "sessiontoken",
    "secrettoken",
    "personaltoken",
    "devicetoken",
    "webhooktoken",
    "credential"
  };

  private static final String[] SESSION = {
    "sessionid", "sessid", "sessionkey", "csrftoken", "xsrftoken", "connect.sid", "sessioncookie"
  };

  /** Names of their own; as an ending they would be of other words. */
  private static final Set<String> WHOLE =
      Set.of("token", "pass", "passw", "pw", "secrets", "sig", "signature", "mdp", "creds", "psk");

  /** Behind one of these words a key or token opens a door. */
  private static final Set<String> BEFORE_KEY =
      Set.of(
          "api",
          "secret",
          "access",
          "private",
          "auth",
          "bearer",
          "session",
          "refresh",
          "account",
          "license",
          "encryption",
          "signing",
          "master",
          "subscription",
          "bot",
          "app",
          "personal",
          "deploy",
          "server",
          "security",
          "recovery",
          "storage",
          "preshared",
          "shared");

  private SecretNames() {}

  /** What the word at {@code start} to {@code end} says of what follows it. */
  static Kind kind(Passage passage, int start, int end) {
    int size = end - start;
    if (size < 2 || size > CHARS_MAX || !mayEndName(passage, end)) {
      return Kind.NONE;
    }
    String name = lowerWithoutJoints(passage, start, end);
    if (WHOLE.contains(name)) {
      return name.startsWith("p") || name.equals("mdp") ? Kind.CHOSEN : Kind.GENERATED;
    }
    if (size < CHARS_MIN) {
      return Kind.NONE;
    }
    if (endsInAny(name, CHOSEN) || isShortAfterJoint(passage, start, end)) {
      return Kind.CHOSEN;
    }
    if (endsInAny(name, SESSION)) {
      return Kind.SESSION;
    }
    if (endsInAny(name, GENERATED)) {
      return Kind.GENERATED;
    }
    return spaced(passage, start, name);
  }

  /** "Pass" and "sig" are verbs and words too: without a colon they say nothing. */
  static boolean isAlsoAWord(Passage passage, int start, int end) {
    String name = lowerWithoutJoints(passage, start, end);
    return name.equals("pass") || name.startsWith("sig") || name.equals("pw");
  }

  /** All the names end in one of these; most words stop here. */
  private static boolean mayEndName(Passage passage, int end) {
    char before = (char) (passage.at(end - 2) | 0x20);
    return switch (passage.at(end - 1) | 0x20) {
      case 'd' -> before == 'r' || before == 'w' || before == 'i';
      case 'e' -> before == 's' || before == 'd' || before == 'i';
      case 't' -> before == 'r' || before == 'e';
      case 'a' ->
          before == 'h' || before == '\u00f1' || before == 'n' || before == 'l' || before == 'y';
      case 'o' -> before == ('\u0142' | 0x20) || before == 'l';
      case 'y' -> before == 'e';
      case 'n' -> before == 'e';
      case 's' -> before == 's' || before == 'd' || before == 't';
      case 'w' -> before == 'p' || before == 's';
      case 'p' -> before == 'd';
      case 'k' -> before == 's';
      case 'g' -> before == 'i';
      case 'l' -> before == 'a';
      default -> false;
    };
  }

  private static boolean endsInAny(String name, String[] endings) {
    for (String ending : endings) {
      if (name.endsWith(ending)) {
        return true;
      }
    }
    return false;
  }

  /** {@code DB_PASS} and {@code smtp-pass}, but not {@code bypass}. */
  private static boolean isShortAfterJoint(Passage passage, int start, int end) {
    for (String name : new String[] {"pass", "pw"}) {
      int at = end - name.length();
      if (at > start
          && passage.text().regionMatches(true, at, name, 0, name.length())
          && (passage.at(at - 1) == '_' || passage.at(at - 1) == '-')) {
        return true;
      }
    }
    return false;
  }

  /** "API key", "access token", "mot de passe": names in two or three words. */
  private static Kind spaced(Passage passage, int start, String last) {
    return switch (last) {
      case "key", "token", "keys", "tokens" -> {
        ContextWords words = ContextWords.before(passage, start);
        boolean door = words.count() > 0 && BEFORE_KEY.contains(words.word(0));
        yield door && passage.at(start - 1) == ' ' ? Kind.GENERATED : Kind.NONE;
      }
      case "passe" -> {
        int low = Math.max(0, start - 7);
        String before = passage.text().substring(low, start).toLowerCase(Locale.ROOT);
        yield before.equals("mot de ") ? Kind.CHOSEN : Kind.NONE;
      }
      default -> Kind.NONE;
    };
  }

  private static String lowerWithoutJoints(Passage passage, int start, int end) {
    StringBuilder name = new StringBuilder(end - start);
    for (int i = start; i < end; i++) {
      char c = passage.at(i);
      if (c != '_' && c != '-') {
        name.append(Character.toLowerCase(c));
      }
    }
    return name.toString();
  }
}
