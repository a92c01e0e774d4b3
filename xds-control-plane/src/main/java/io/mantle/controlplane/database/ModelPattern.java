package io.mantle.controlplane.database;

import java.util.regex.Pattern;

/**
 * Which models a price or a route is for: {@code *} in it stands for any characters. Matching looks
 * at each character of the name once for each star.
 */
record ModelPattern(String text) {
  /** What providers put behind a model's name to call a snapshot of it. */
  private static final Pattern DATE = Pattern.compile("-20[0-9]{2}(-?[0-9]{2}){2}");

  private static final int THE_NAME = Integer.MAX_VALUE;
  private static final int ITS_SNAPSHOT = THE_NAME - 1;

  /**
   * How closely a price of this pattern fits a model: most where it is the name, then where the
   * name has only a date behind it, then by how many characters it names; negative where it does
   * not.
   */
  int fit(String model) {
    if (text.equals(model)) {
      return THE_NAME;
    }
    if (text.indexOf('*') < 0) {
      boolean snapshot =
          model.startsWith(text) && DATE.matcher(model.substring(text.length())).matches();
      return snapshot ? ITS_SNAPSHOT : -1;
    }
    return matches(model) ? text.length() : -1;
  }

  boolean matches(String model) {
    String[] parts = text.split("\\*", -1);
    String first = parts[0];
    String last = parts[parts.length - 1];
    if (parts.length == 1) {
      return text.equals(model);
    }
    if (!model.startsWith(first) || model.length() < first.length() + last.length()) {
      return false;
    }
    int at = first.length();
    for (int i = 1; i < parts.length - 1; i++) {
      int found = model.indexOf(parts[i], at);
      if (found < 0) {
        return false;
      }
      at = found + parts[i].length();
    }
    return model.length() - last.length() >= at && model.endsWith(last);
  }
}
