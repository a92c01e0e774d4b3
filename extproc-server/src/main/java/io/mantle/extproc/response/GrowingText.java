package io.mantle.extproc.response;

import io.mantle.privacy.produced.Scanner;
import io.mantle.privacy.rehydrate.Rehydrator;
import org.jspecify.annotations.Nullable;

/**
 * One text of an answer: restored, then looked through where the tenant wants that. Used by one
 * thread at a time.
 *
 * @param scanner null where it is not looked through
 */
record GrowingText(Rehydrator text, @Nullable Scanner scanner) {

  /** Takes the next piece; returns what may leave now. */
  String accept(String piece) {
    String restored = text.accept(piece);
    return scanner == null ? restored : scanner.accept(restored, text.restoredLast());
  }

  /** Ends the text; returns what was held back. */
  String finish() {
    String restored = text.finish();
    return scanner == null
        ? restored
        : scanner.accept(restored, text.restoredLast()) + scanner.finish();
  }

  boolean holds() {
    return heldChars() > 0;
  }

  int heldChars() {
    return text.heldChars() + (scanner == null ? 0 : scanner.heldChars());
  }
}
