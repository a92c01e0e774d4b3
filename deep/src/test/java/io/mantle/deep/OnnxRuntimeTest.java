package io.mantle.deep;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OrtEnvironment;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * From 1.29.0 on ONNX Runtime's builds for Linux and macOS hold a client that reports to Microsoft
 * unless an environment variable stops it; one made ready before any call of ours could say no. A
 * gateway for private text must hold none.
 */
final class OnnxRuntimeTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "linux-x64/libonnxruntime.so",
        "linux-aarch64/libonnxruntime.so",
        "osx-aarch64/libonnxruntime.dylib"
      })
  void nativeLibrary_knowsNobodyToReportTo(String library) throws IOException {
    try (InputStream in = OrtEnvironment.class.getResourceAsStream("native/" + library)) {
      assertThat(in).isNotNull();
      String code = new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
      assertThat(code.contains("data.microsoft.com")).isFalse();
      assertThat(code.contains("ORT_DISABLE_TELEMETRY")).isFalse();
    }
  }
}
