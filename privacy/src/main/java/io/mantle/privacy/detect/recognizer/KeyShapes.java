package io.mantle.privacy.detect.recognizer;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How the keys of common vendors begin, from their own documentation, and what they are made of.
 */
final class KeyShapes {
  /**
   * One vendor's form.
   *
   * @param prefix how the key begins
   * @param marks what it may hold besides letters and digits
   * @param charsMin how many characters follow the prefix, at least
   */
  record Shape(String prefix, String marks, int charsMin) {}

  private static final Shape[][] BY_BEGINNING = new Shape[128 * 128][];

  /** For each first character the second ones, as bits: small enough to stay near the processor. */
  private static final long[] SECOND_LOW = new long[128];

  private static final long[] SECOND_HIGH = new long[128];

  static {
    // Models and those who serve them
    keys("-_", 20, "sk-", "sk_or_", "tgp_v1_");
    keys("", 30, "gsk_", "xai-", "pplx-", "r8_", "hf_", "api_org_", "fw_");
    keys("-_", 20, "lsv2_pt_", "lsv2_sk_", "tvly-", "pcsk_", "pa-", "jina_", "nvapi-");
    // Clouds
    keys("", 16, "AKIA", "ASIA", "ABIA", "ACCA", "LTAI", "AKID");
    keys("+/=", 60, "ABSK");
    keys("-_", 33, "AIza");
    keys("-_.", 20, "ya29.", "GOCSPX-");
    keys("-_", 40, "1//0");
    keys("", 40, "dop_v1_", "doo_v1_", "dor_v1_");
    keys("", 30, "dapi", "dsapi");
    keys("-", 30, "HRKU-");
    keys("-_.", 20, "hvs.", "hvb.", "hvr.");
    keys("-_", 24, "nfp_", "rnd_", "napi_", "fo1_", "pul-", "figd_", "sbp_", "sb_secret_");
    keys("-_+/=", 40, "fm1_", "fm2_", "fm1a_", "fm1r_");
    // Code and packages
    keys("", 30, "ghp_", "gho_", "ghu_", "ghs_", "ghr_", "npm_", "rubygems_", "cio");
    keys("_", 22, "github_pat_");
    keys("-_.", 20, "glpat-", "gldt-", "glrt-", "glcbt-", "glptt-", "glft-", "glsoat-", "gloas-");
    keys("-_", 50, "pypi-");
    keys("-_", 20, "dckr_pat_", "ATBB", "CCIPAT_", "bkua_", "sqp_", "squ_", "sqa_", "AKCp", "oy2");
    keys("-_=", 40, "ATATT3x", "ATCTT3x");
    keys("-_.", 30, "dp.pt.", "dp.st.", "dp.ct.", "dp.sa.", "pscale_tkn_", "pscale_pw_");
    // Messages and mail
    keys("-", 10, "xoxb-", "xoxp-", "xoxa-", "xoxr-", "xoxs-", "xoxc-", "xoxe-", "xapp-");
    keys("-%_+/=", 20, "xoxd-");
    keys(".-", 20, "xoxe.xoxp-", "xoxe.xoxb-");
    keys("-_.", 40, "SG.");
    // Discord's bots: a number in base64, and two more parts
    keys("-_.", 55, "MT", "Mj", "Mz", "ND", "NT", "Nj", "Nz", "OD", "OT");
    keys("-", 30, "key-", "xkeysib-", "xsmtpsib-");
    keys("_", 24, "re_");
    keys("", 32, "AC", "SK");
    // Money
    keys("_", 16, "sk_live_", "sk_test_", "rk_live_", "rk_test_", "pk_live_", "rzp_live_");
    keys("+/=", 16, "whsec_");
    keys("", 32, "shpat_", "shpca_", "shppa_", "shpss_");
    keys("-_", 22, "sq0atp-", "sq0csp-", "sq0idp-", "EAAA");
    keys("$-_", 20, "access_token$");
    keys("-", 30, "access-sandbox-", "access-development-", "access-production-");
    keys("-", 24, "FLWSECK-", "FLWSECK_TEST-", "shippo_live_", "duffel_live_", "EZAK", "EZTK");
    // Offices and observers
    keys("", 36, "secret_", "ntn_");
    keys("", 32, "lin_api_", "lin_oauth_", "PMAK-", "NRAK-", "NRJS-", "NRII-", "glsa_");
    keys("-_=+/", 32, "glc_", "sntrys_", "sntryu_");
    keys("-", 30, "PMAK-", "pat-na1-", "pat-eu1-", "CFPAT-", "tfp_", "rdme_", "p8e-");
    keys("-_.", 40, "sl.");
    keys(".", 60, "pat");
    keys(".-_", 60, "sk.eyJ");
    keys("", 50, "AGE-SECRET-KEY-1");
    // Hashes of passwords, which are guessed at leisure
    keys("./$=,", 40, "$2a$", "$2b$", "$2y$", "$5$", "$6$", "$y$");
    keys("./$=,+v", 40, "$argon2id$", "$argon2i$", "$argon2d$");
    // JSON web tokens
    keys("-_.", 30, "eyJ");
  }

  private KeyShapes() {}

  private static void keys(String marks, int charsMin, String... prefixes) {
    for (String prefix : prefixes) {
      mark(prefix.charAt(0), prefix.charAt(1));
      int slot = slot(prefix.charAt(0), prefix.charAt(1));
      List<Shape> shapes = new ArrayList<>();
      if (BY_BEGINNING[slot] != null) {
        shapes.addAll(List.of(BY_BEGINNING[slot]));
      }
      shapes.add(new Shape(prefix, marks, charsMin));
      // The longest first: "sk_live_" is not "sk_".
      shapes.sort((a, b) -> b.prefix.length() - a.prefix.length());
      BY_BEGINNING[slot] = shapes.toArray(new Shape[0]);
    }
  }

  private static void mark(char first, char second) {
    long[] marks = second < 64 ? SECOND_LOW : SECOND_HIGH;
    marks[first] |= 1L << (second & 63);
  }

  /** Whether some shape begins with these two characters; most words end here. */
  static boolean mayBegin(char first, char second) {
    return first < 128
        && second < 128
        && ((second < 64 ? SECOND_LOW : SECOND_HIGH)[first] >>> (second & 63) & 1) == 1;
  }

  private static int slot(char first, char second) {
    return first * 128 + second;
  }

  /** The shape whose prefix stands at {@code start}; null if none does. */
  static @Nullable Shape at(String text, int start) {
    if (start + 1 >= text.length()) {
      return null;
    }
    char first = text.charAt(start);
    char second = text.charAt(start + 1);
    if (!mayBegin(first, second)) {
      return null;
    }
    Shape[] shapes = BY_BEGINNING[slot(first, second)];
    if (shapes != null) {
      for (Shape shape : shapes) {
        if (text.startsWith(shape.prefix, start)) {
          return shape;
        }
      }
    }
    return null;
  }
}
