package io.mantle.extproc.dialect;

import java.util.Set;

/**
 * What nobody here can read: images, audio and files, in a request or named by it.
 *
 * <p>One table for all dialects, by where such a thing stands.
 */
public final class Media {
  private static final String BASE64 = ";base64,";

  /** Members that hold base64, as {@code parent/member}. */
  private static final Set<String> IN_BASE64 =
      Set.of("input_audio/data", "file/file_data", "content/file_data", "source/data");

  /** Members that name a file or an image which the provider fetches itself. */
  private static final Set<String> REFERENCES = Set.of("image_url", "file_id", "file_url");

  /** The same, as {@code parent/member}. */
  private static final Set<String> REFERENCES_BELOW = Set.of("image_url/url", "source/url");

  private Media() {}

  /**
   * Whether {@code text} is media: a {@code data:} URL in base64, or base64 where {@code member} of
   * {@code parent} holds a file. What only claims to be media is text.
   */
  public static boolean isOne(String parent, String member, String text) {
    int comma = text.startsWith("data:") ? text.indexOf(',') : -1;
    if (comma >= 0) {
      int start = comma + 1;
      return start >= BASE64.length()
          && text.startsWith(BASE64, start - BASE64.length())
          && isBase64(text, start);
    }
    return IN_BASE64.contains(parent + '/' + member) && isBase64(text, 0);
  }

  /**
   * Whether {@code member} of {@code parent} names media. The name itself is a text like any other.
   */
  public static boolean isReference(String parent, String member) {
    return REFERENCES.contains(member) || REFERENCES_BELOW.contains(parent + '/' + member);
  }

  private static boolean isBase64(String text, int from) {
    for (int i = from; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean digit = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
      if (!digit && "+/-_=\r\n".indexOf(c) < 0) {
        return false;
      }
    }
    return true;
  }
}
