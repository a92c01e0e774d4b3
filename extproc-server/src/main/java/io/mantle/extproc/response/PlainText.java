package io.mantle.extproc.response;

import io.mantle.extproc.tokens.SaidText;
import io.mantle.extproc.value.Refusal;
import io.mantle.extproc.value.RefusedException;
import io.mantle.extproc.value.TokenCounts;
import io.mantle.privacy.rehydrate.Rehydrator;
import io.mantle.privacy.rehydrate.Restoration;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A body that is neither JSON nor an event stream, such as a proxy's error page: UTF-8 text,
 * restored as it comes.
 */
final class PlainText implements BodyRestorer {
  private final Rehydrator channel;
  private final CharsetDecoder decoder =
      StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .onUnmappableCharacter(CodingErrorAction.REPORT);
  private final SaidText said = new SaidText();
  private ByteBuffer undecoded = ByteBuffer.allocate(0);

  PlainText(Restoration restoration) {
    this.channel = restoration.text();
  }

  @Override
  public byte[] accept(byte[] piece) throws RefusedException {
    String text = decode(piece, false);
    said.add(text);
    return utf8(channel.accept(text));
  }

  @Override
  public byte[] finish() throws RefusedException {
    return utf8(channel.accept(decode(new byte[0], true)) + channel.finish());
  }

  private String decode(byte[] piece, boolean last) throws RefusedException {
    ByteBuffer bytes =
        ByteBuffer.allocate(undecoded.remaining() + piece.length).put(undecoded).put(piece).flip();
    CharBuffer chars = CharBuffer.allocate(bytes.remaining());
    CoderResult result = decoder.decode(bytes, chars, last);
    try {
      if (result.isError()) {
        result.throwException();
      }
    } catch (CharacterCodingException e) {
      throw new RefusedException(
          new Refusal(
              502,
              "api_error",
              "unreadable_answer",
              "The provider's answer is not UTF-8 text.",
              null,
              true));
    }
    undecoded = bytes;
    return chars.flip().toString();
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public long heldBytes() {
    return undecoded.remaining() + (long) channel.heldChars();
  }

  @Override
  public SaidText said() {
    return said;
  }

  @Override
  public @Nullable String answerId() {
    return null;
  }

  @Override
  public @Nullable TokenCounts tokens() {
    return null;
  }
}
