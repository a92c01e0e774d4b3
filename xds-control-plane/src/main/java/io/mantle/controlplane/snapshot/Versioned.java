package io.mantle.controlplane.snapshot;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.Message;
import com.google.protobuf.UnsafeByteOperations;
import io.envoyproxy.envoy.service.discovery.v3.Resource;
import io.mantle.proto.policy.v1.TenantPolicy;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * One published thing, ready to be sent, and the version that tells it from any other content.
 *
 * @param version the first 64 bits of the SHA-256 of the content, 16 hexadecimal digits
 * @param sizeBytes of the message when sent
 */
public record Versioned<T extends Message>(String name, String version, T message, int sizeBytes) {
  private static final int VERSION_BYTES = 8;

  /** A resource for Envoy. */
  static Versioned<Resource> resource(String name, Message content) {
    ByteString bytes = bytesOf(content);
    String version = versionOf(bytes);
    Resource resource =
        Resource.newBuilder()
            .setName(name)
            .setVersion(version)
            .setResource(
                Any.newBuilder()
                    .setTypeUrl(
                        "type.googleapis.com/" + content.getDescriptorForType().getFullName())
                    .setValue(bytes))
            .build();
    return new Versioned<>(name, version, resource, resource.getSerializedSize());
  }

  /** A policy for the sidecars; {@code policy} has no version yet. */
  static Versioned<TenantPolicy> policy(TenantPolicy policy) {
    String version = versionOf(bytesOf(policy));
    TenantPolicy versioned = policy.toBuilder().setVersion(version).build();
    return new Versioned<>(policy.getTenantId(), version, versioned, versioned.getSerializedSize());
  }

  /** The same bytes for the same content: the fields of maps are sorted. */
  private static ByteString bytesOf(Message message) {
    byte[] bytes = new byte[message.getSerializedSize()];
    CodedOutputStream output = CodedOutputStream.newInstance(bytes);
    output.useDeterministicSerialization();
    try {
      message.writeTo(output);
    } catch (IOException e) {
      throw new IllegalStateException("an array of bytes takes what is written", e);
    }
    output.checkNoSpaceLeft();
    return UnsafeByteOperations.unsafeWrap(bytes); // nobody else has the array
  }

  private static String versionOf(ByteString content) {
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      sha256.update(content.asReadOnlyByteBuffer());
      return HexFormat.of().formatHex(sha256.digest(), 0, VERSION_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
