package io.mantle.privacy.surrogate;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Passwords, keys and tokens: same length, and a character of the same class in each place. What
 * tells the kind of a key (a vendor's prefix, PEM's frame) stays.
 */
final class SecretShape implements Shape {
  /** Longer ones first where one starts another. */
  private static final List<String> VENDOR_PREFIXES =
      List.of(
          "sk-ant-api03-",
          "sk-ant-",
          "sk-proj-",
          "sk-svcacct-",
          "sk-or-v1-",
          "sk-",
          "sk_live_",
          "sk_test_",
          "pk_live_",
          "pk_test_",
          "rk_live_",
          "rk_test_",
          "whsec_",
          "github_pat_",
          "ghp_",
          "gho_",
          "ghu_",
          "ghs_",
          "ghr_",
          "glpat-",
          "AKIA",
          "ASIA",
          "xoxb-",
          "xoxp-",
          "xoxa-",
          "xoxs-",
          "xoxr-",
          "xapp-",
          "AIza",
          "ya29.",
          "hf_",
          "npm_",
          "pypi-",
          "SG.",
          "dop_v1_",
          "shpat_",
          "shpss_",
          "hvs.",
          "gsk_",
          "r8_",
          "lin_api_",
          "secret_",
          "EAAC",
          "eyJ",
          "Bearer ",
          "bearer ",
          "Basic ",
          "basic ");

  private static final Pattern PEM_FRAME = Pattern.compile("-----(?:BEGIN|END) [A-Z0-9 ]+-----");
  private static final Pattern JWT = Pattern.compile("eyJ[\\w-]*\\.eyJ[\\w-]*\\.[\\w-]*");

  @Override
  public String identity(String spelling) {
    return spelling;
  }

  @Override
  public String surrogate(String spelling, Draws draws) {
    KeyedStream stream = draws.about("PASSWORD_OR_SECRET", spelling);
    Matcher frame = PEM_FRAME.matcher(spelling);
    if (frame.find()) {
      return framed(spelling, frame.reset(), stream);
    }
    int kept = prefixLength(spelling);
    if (kept > 0 && JWT.matcher(spelling).matches()) {
      int payload = spelling.indexOf('.') + 1;
      return "eyJ"
          + CharacterClasses.replaced(spelling.substring(3, payload), stream)
          + "eyJ"
          + CharacterClasses.replaced(spelling.substring(payload + 3), stream);
    }
    return spelling.substring(0, kept)
        + CharacterClasses.replacedWithMarks(spelling.substring(kept), stream);
  }

  private static String framed(String spelling, Matcher frames, KeyedStream stream) {
    StringBuilder out = new StringBuilder(spelling.length());
    int copied = 0;
    while (frames.find()) {
      out.append(CharacterClasses.replaced(spelling.substring(copied, frames.start()), stream));
      out.append(frames.group());
      copied = frames.end();
    }
    return out.append(CharacterClasses.replaced(spelling.substring(copied), stream)).toString();
  }

  private static int prefixLength(String spelling) {
    for (String prefix : VENDOR_PREFIXES) {
      // A prefix that is nearly all of it is a word that happens to start so.
      if (spelling.startsWith(prefix) && spelling.length() >= prefix.length() + 8) {
        return prefix.length();
      }
    }
    return 0;
  }

  @Override
  public String exposed(String spelling) {
    if (JWT.matcher(spelling).matches()) {
      return spelling.substring(spelling.lastIndexOf('.') + 1);
    }
    return PEM_FRAME.matcher(spelling).replaceAll("").substring(prefixLength(spelling));
  }
}
