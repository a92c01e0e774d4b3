package io.mantle.privacy.detect;

import java.util.Arrays;

/** A text under change whose every character knows where in the original it came from. */
final class MappedText {
  private final String original;
  private char[] chars;
  private int[] starts;
  private int[] ends;
  private int length;

  MappedText(String original) {
    this.original = original;
    this.chars = new char[original.length()];
    this.starts = new int[original.length()];
    this.ends = new int[original.length()];
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
    return index >= 0 && index < length ? chars[index] : Passage.OUTSIDE;
  }

  /** Where in the original the character at {@code index} begins. */
  int start(int index) {
    return starts[index];
  }

  /** Where in the original the character at {@code index} ends, exclusive. */
  int end(int index) {
    return ends[index];
  }

  String text() {
    return new String(chars, 0, length);
  }

  /** Appends what {@code start} to {@code end} of the original stand for. */
  void put(char c, int start, int end) {
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

  /** Writes {@code c} over the character at {@code index}; it still comes from the same place. */
  void set(int index, char c) {
    chars[index] = c;
  }

  /** Writes {@code c} at {@code to}, made of what {@code first} to {@code last} were made of. */
  void merge(int first, int last, char c, int to) {
    int start = starts[first];
    int end = ends[last];
    chars[to] = c;
    starts[to] = start;
    ends[to] = end;
  }

  /** Copies a character towards the beginning. */
  void move(int from, int to) {
    chars[to] = chars[from];
    starts[to] = starts[from];
    ends[to] = ends[from];
  }

  void truncate(int newLength) {
    length = newLength;
  }
}
