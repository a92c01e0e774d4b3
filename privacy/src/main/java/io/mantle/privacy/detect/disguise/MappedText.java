package io.mantle.privacy.detect.disguise;

import io.mantle.privacy.detect.passage.Passage;
import java.util.Arrays;

/**
 * A text under change whose every character knows where in the original it came from.
 *
 * <p>As long as it is a beginning of the original nothing is copied: most texts that look as if
 * they wore a disguise wear none.
 */
final class MappedText {
  private static final char[] NO_CHARS = {};
  private static final int[] NO_PLACES = {};

  private final String original;
  private boolean changed;
  private char[] chars = NO_CHARS;
  private int[] starts = NO_PLACES;
  private int[] ends = NO_PLACES;
  private int length;

  MappedText(String original) {
    this.original = original;
  }

  /** Copies what was not worth a copy until now. */
  private void change() {
    if (!changed) {
      changed = true;
      int size = Math.max(16, original.length());
      chars = new char[size];
      starts = new int[size];
      ends = new int[size];
      original.getChars(0, length, chars, 0);
      for (int i = 0; i < length; i++) {
        starts[i] = i;
        ends[i] = i + 1;
      }
    }
  }

  /** Whether it is another text than the original. */
  boolean isChanged() {
    return changed ? !text().equals(original) : length != original.length();
  }

  String original() {
    return original;
  }

  /** The UTF-16 unit of the original at {@code index}, {@link Passage#OUTSIDE} where none is. */
  char originalAt(int index) {
    return index >= 0 && index < original.length() ? original.charAt(index) : Passage.OUTSIDE;
  }

  int length() {
    return length;
  }

  /** The character at {@code index}, {@link Passage#OUTSIDE} where none is. */
  char at(int index) {
    if (index < 0 || index >= length) {
      return Passage.OUTSIDE;
    }
    return changed ? chars[index] : original.charAt(index);
  }

  /** Where in the original the character at {@code index} begins. */
  int start(int index) {
    return changed ? starts[index] : index;
  }

  /** Where in the original the character at {@code index} ends, exclusive. */
  int end(int index) {
    return changed ? ends[index] : index + 1;
  }

  /** Whether the character at {@code index} stands for others, or some before it are gone. */
  boolean isDisguised(int index) {
    int start = start(index);
    return end(index) != start + 1
        || originalAt(start) != at(index)
        || start != (index == 0 ? 0 : end(index - 1));
  }

  String text() {
    return changed ? new String(chars, 0, length) : original.substring(0, length);
  }

  /** Appends what {@code start} to {@code end} of the original stand for. */
  void put(char c, int start, int end) {
    if (!changed && start == length && end == start + 1 && c == original.charAt(start)) {
      length++;
      return;
    }
    change();
    if (length == chars.length) {
      int size = Math.max(16, length * 2);
      chars = Arrays.copyOf(chars, size);
      starts = Arrays.copyOf(starts, size);
      ends = Arrays.copyOf(ends, size);
    }
    chars[length] = c;
    starts[length] = start;
    ends[length++] = end;
  }

  /** Appends {@code start} to {@code end} of the original as they are. */
  void putOriginal(int start, int end) {
    if (!changed && start == length) {
      length = end;
      return;
    }
    for (int i = start; i < end; i++) {
      put(original.charAt(i), i, i + 1);
    }
  }

  /** Writes {@code c} over the character at {@code index}; it still comes from the same place. */
  void set(int index, char c) {
    change();
    chars[index] = c;
  }

  /** Writes {@code c} at {@code to}, made of what {@code first} to {@code last} were made of. */
  void merge(int first, int last, char c, int to) {
    change();
    int start = starts[first];
    int end = ends[last];
    chars[to] = c;
    starts[to] = start;
    ends[to] = end;
  }

  /** Copies a character towards the beginning. */
  void move(int from, int to) {
    if (from == to) {
      return;
    }
    change();
    chars[to] = chars[from];
    starts[to] = starts[from];
    ends[to] = ends[from];
  }

  void truncate(int newLength) {
    length = newLength;
  }
}
