package io.mantle.privacy.surrogate;

import io.mantle.privacy.surrogate.NameWords.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * User names and the local parts of e-mail addresses, made of the same surrogate name words as the
 * person they belong to.
 */
final class AccountWords {
  private static final Pattern RUN = Pattern.compile("[\\p{L}\\p{M}]+|\\p{Nd}+");

  /** From this probe on, digits make room. */
  private static final int PROBES_WITHOUT_DIGITS = 8;

  private static final int SURNAME_LETTERS_MIN = 4;
  private static final int FIRST_NAME_LETTERS_MIN = 3;

  /** Longer runs are no names, and looking for one in them costs. */
  private static final int NAME_LETTERS_MAX = 32;

  private final NameWords names;
  private final WordLists lists;

  AccountWords(NameWords names, WordLists lists) {
    this.names = names;
    this.lists = lists;
  }

  /** {@code account} with its words and digits replaced. */
  String surrogate(String account, Draws draws) {
    List<String> words = new ArrayList<>();
    Matcher counted = RUN.matcher(account);
    while (counted.find()) {
      if (isWord(counted.group())) {
        words.add(counted.group());
      }
    }
    if (words.isEmpty()) {
      return CharacterClasses.replacedWithMarks(account, draws.about("account", account));
    }
    StringBuilder out = new StringBuilder(account.length() + 16);
    Matcher runs = RUN.matcher(account);
    int word = 0;
    while (runs.find()) {
      String run = runs.group();
      String replaced;
      if (isWord(run)) {
        replaced = word(run, word++, words.size(), draws);
      } else {
        replaced =
            CharacterClasses.replaced(run, draws.about("account/digits", Casing.fold(account)));
      }
      runs.appendReplacement(out, Matcher.quoteReplacement(replaced));
    }
    runs.appendTail(out);
    if (draws.probe() >= PROBES_WITHOUT_DIGITS) {
      KeyedStream stream = draws.about("account/more", Casing.fold(account));
      out.append(stream.between(1, 9)).append(stream.digits(3));
    }
    return out.toString();
  }

  private String word(String run, int index, int count, Draws draws) {
    if (run.length() == 1) {
      return Casing.like(run, NameWords.initial(draws, run));
    }
    if (count > 1) {
      Role role = index == count - 1 ? Role.LAST : names.roleAlone(run);
      return Casing.like(run, names.surrogate(draws, run, role, null));
    }
    for (int i = 1; i < run.length() && run.length() <= NAME_LETTERS_MAX; i++) {
      String first = draws.names().known(run.substring(0, i));
      if (first != null && draws.names().known(run.substring(i)) != null) {
        return joined(run, first, run.substring(i), draws);
      }
    }
    if (run.length() > SURNAME_LETTERS_MIN && draws.names().known(run.substring(1)) != null) {
      return joined(run, NameWords.initial(draws, run.substring(0, 1)), run.substring(1), draws);
    }
    if (lists.isFirstName(run) || lists.isLastName(run) || run.length() > NAME_LETTERS_MAX) {
      return Casing.like(run, names.surrogate(draws, run, names.roleAlone(run), null));
    }
    for (int i = run.length() - SURNAME_LETTERS_MIN; i >= FIRST_NAME_LETTERS_MIN; i--) {
      if (lists.isFirstName(run.substring(0, i)) && lists.isLastName(run.substring(i))) {
        return joined(
            run,
            names.surrogate(draws, run.substring(0, i), Role.FIRST, null),
            run.substring(i),
            draws);
      }
    }
    if (run.length() > SURNAME_LETTERS_MIN && lists.isLastName(run.substring(1))) {
      return joined(run, NameWords.initial(draws, run.substring(0, 1)), run.substring(1), draws);
    }
    return Casing.like(run, names.surrogate(draws, run, Role.LAST, null));
  }

  private String joined(String run, String start, String surname, Draws draws) {
    String joined = start + names.surrogate(draws, surname, Role.LAST, null);
    return Character.isUpperCase(surname.charAt(0))
        ? Casing.like(run, joined)
        : Casing.like(run.substring(0, 1), start.substring(0, 1))
            + Casing.fold(joined.substring(1));
  }

  private static boolean isWord(String run) {
    return !Character.isDigit(run.charAt(0));
  }
}
