package io.mantle.privacy.detect.recognizer;

import io.mantle.privacy.detect.passage.Passage;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

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
          ("api secret access private auth bearer session refresh account license"
                  + " encryption signing master subscription bot app personal deploy server"
                  + " security recovery storage preshared shared")
              .split(" ", -1));

  private static final int ENDING_SLOTS = 1 << 13;
  private static final boolean[] ENDINGS = endings();

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

  /** By the last three letters; most words stop here. */
  private static boolean mayEndName(Passage passage, int end) {
    return ENDINGS[slot(passage.at(end - 3), passage.at(end - 2), passage.at(end - 1))]
        || (passage.at(end - 1) | 0x20) == 'w';
  }

  private static boolean[] endings() {
    boolean[] endings = new boolean[ENDING_SLOTS];
    Stream.of(Stream.of(CHOSEN), Stream.of(GENERATED), Stream.of(SESSION), WHOLE.stream())
        .flatMap(names -> names)
        .filter(name -> name.length() >= 3)
        .forEach(name -> mark(endings, name));
    Stream.of("key", "keys", "token", "tokens", "passe", "_id", "-id")
        .forEach(name -> mark(endings, name));
    return endings;
  }

  private static void mark(boolean[] endings, String name) {
    int end = name.length();
    endings[slot(name.charAt(end - 3), name.charAt(end - 2), name.charAt(end - 1))] = true;
  }

  /** Capitals and small letters of ASCII fall together. */
  private static int slot(char third, char second, char last) {
    return (((third | 0x20) * 31 + (second | 0x20)) * 31 + (last | 0x20)) & (ENDING_SLOTS - 1);
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
