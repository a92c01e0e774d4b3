package io.mantle.privacy.rehydrate;

import java.util.BitSet;

/**
 * Reads what may be a JSON text, character by character (RFC 8259), and says where its strings
 * stand; of numbers it only sees that there are some.
 *
 * <p>Memory: a bit for each level of nesting, of which it follows {@value #DEPTH_MAX}. Used by one
 * thread.
 */
final class JsonPrefix {
  private static final int DEPTH_MAX = 512;
  private static final int HEX_DIGITS = 4;

  /** What a character is. */
  enum Event {
    /** Of the structure, of a number, a literal, a key, or an escape that goes on. */
    OTHER,
    /** The quote with which a string begins that is a value. */
    VALUE_BEGINS,
    /** The quote with which such a string ends. */
    VALUE_ENDS,
    /** It completes a character of such a string: {@link #character}. */
    CHARACTER,
    /** With it, this is no JSON text. */
    INVALID
  }

  private enum State {
    VALUE,
    VALUE_OR_END,
    KEY,
    KEY_OR_END,
    COLON,
    AFTER_VALUE,
    NUMBER,
    LITERAL,
    STRING,
    ESCAPE,
    HEX
  }

  private final BitSet objects = new BitSet();
  private int depth;
  private State state = State.VALUE;
  private boolean inKey;
  private String literal = "";
  private int done;
  private int hex;
  private char character;

  /** What the string says there. */
  char character() {
    return character;
  }

  Event step(char c) {
    return switch (state) {
      case STRING -> string(c);
      case ESCAPE -> escape(c);
      case HEX -> hex(c);
      case LITERAL -> literal(c);
      case NUMBER -> isNumber(c) ? Event.OTHER : afterValue(c);
      case VALUE, VALUE_OR_END, KEY, KEY_OR_END, COLON, AFTER_VALUE ->
          c == ' ' || c == '\n' || c == '\r' || c == '\t' ? Event.OTHER : structure(c);
    };
  }

  private Event structure(char c) {
    return switch (state) {
      case VALUE -> value(c);
      case VALUE_OR_END -> c == ']' ? close(false) : value(c);
      case KEY -> key(c);
      case KEY_OR_END -> c == '}' ? close(true) : key(c);
      case COLON -> c == ':' ? go(State.VALUE) : Event.INVALID;
      case AFTER_VALUE, NUMBER, LITERAL, STRING, ESCAPE, HEX -> afterValue(c);
    };
  }

  private Event go(State next) {
    state = next;
    return Event.OTHER;
  }

  private Event value(char c) {
    return switch (c) {
      case '{' -> open(true, State.KEY_OR_END);
      case '[' -> open(false, State.VALUE_OR_END);
      case '"' -> {
        inKey = false;
        state = State.STRING;
        yield Event.VALUE_BEGINS;
      }
      case 't' -> begin("true");
      case 'f' -> begin("false");
      case 'n' -> begin("null");
      default -> c == '-' || (c >= '0' && c <= '9') ? go(State.NUMBER) : Event.INVALID;
    };
  }

  private Event key(char c) {
    if (c != '"') {
      return Event.INVALID;
    }
    inKey = true;
    return go(State.STRING);
  }

  private Event open(boolean object, State next) {
    if (depth == DEPTH_MAX) {
      return Event.INVALID;
    }
    objects.set(depth++, object);
    return go(next);
  }

  private Event close(boolean object) {
    if (depth == 0 || objects.get(depth - 1) != object) {
      return Event.INVALID;
    }
    depth--;
    return go(State.AFTER_VALUE);
  }

  private Event afterValue(char c) {
    return switch (c) {
      case ' ', '\n', '\r', '\t' -> go(State.AFTER_VALUE);
      case ']' -> close(false);
      case '}' -> close(true);
      case ',' -> depth == 0 ? Event.INVALID : go(objects.get(depth - 1) ? State.KEY : State.VALUE);
      default -> Event.INVALID;
    };
  }

  private static boolean isNumber(char c) {
    return (c >= '0' && c <= '9') || c == '.' || c == 'e' || c == 'E' || c == '+' || c == '-';
  }

  private Event begin(String word) {
    literal = word;
    done = 1;
    return go(State.LITERAL);
  }

  private Event literal(char c) {
    if (c != literal.charAt(done)) {
      return Event.INVALID;
    }
    return ++done == literal.length() ? go(State.AFTER_VALUE) : Event.OTHER;
  }

  private Event string(char c) {
    if (c == '\\') {
      return go(State.ESCAPE);
    }
    if (c == '"') {
      state = inKey ? State.COLON : State.AFTER_VALUE;
      return inKey ? Event.OTHER : Event.VALUE_ENDS;
    }
    return c < ' ' ? Event.INVALID : said(c);
  }

  private Event escape(char c) {
    return switch (c) {
      case '"', '\\', '/' -> said(c);
      case 'b' -> said('\b');
      case 'f' -> said('\f');
      case 'n' -> said('\n');
      case 'r' -> said('\r');
      case 't' -> said('\t');
      case 'u' -> {
        done = 0;
        hex = 0;
        yield go(State.HEX);
      }
      default -> Event.INVALID;
    };
  }

  private Event hex(char c) {
    int digit = c < 128 ? Character.digit(c, 16) : -1;
    if (digit < 0) {
      return Event.INVALID;
    }
    hex = (hex << 4) | digit;
    return ++done == HEX_DIGITS ? said((char) hex) : Event.OTHER;
  }

  private Event said(char c) {
    character = c;
    state = State.STRING;
    return inKey ? Event.OTHER : Event.CHARACTER;
  }
}
