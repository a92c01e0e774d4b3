package io.mantle.extproc.tenant;

/**
 * A model name in which {@code *} stands for any run of characters. Matching is linear in the
 * name's length for each star.
 */
public record ModelPattern(String pattern) {

  public boolean matches(String model) {
    int p = 0;
    int m = 0;
    int star = -1;
    int resume = 0;
    while (m < model.length()) {
      if (p < pattern.length() && pattern.charAt(p) == '*') {
        star = p++;
        resume = m;
      } else if (p < pattern.length() && pattern.charAt(p) == model.charAt(m)) {
        p++;
        m++;
      } else if (star >= 0) {
        p = star + 1;
        m = ++resume;
      } else {
        return false;
      }
    }
    while (p < pattern.length() && pattern.charAt(p) == '*') {
      p++;
    }
    return p == pattern.length();
  }
}
