package io.mantle.controlplane.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.mantle.controlplane.SelfSigned;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TlsIdentityTest {

  /** As cert-manager and older tools write it, with other blocks before it. */
  @Test
  void key_inItsAlgorithmsOwnForm_isRead(@TempDir Path directory) throws Exception {
    for (String algorithm : new String[] {"RSA", "EC"}) {
      SelfSigned identity = SelfSigned.in(directory, algorithm);
      String pem = Files.readString(identity.keyFile()).replaceAll("-----[^-]*-----", "");
      PrivateKeyInfo pkcs8 = PrivateKeyInfo.getInstance(Base64.getMimeDecoder().decode(pem));
      org.bouncycastle.asn1.ASN1Encodable own =
          algorithm.equals("RSA")
              ? pkcs8.parsePrivateKey()
              : new org.bouncycastle.asn1.sec.ECPrivateKey(
                  384, // what keytool takes
                  org.bouncycastle.asn1.sec.ECPrivateKey.getInstance(pkcs8.parsePrivateKey())
                      .getKey(),
                  pkcs8.getPrivateKeyAlgorithm().getParameters());
      Path file =
          SelfSigned.pem(
              directory.resolve("own.key"),
              algorithm + " PRIVATE KEY",
              own.toASN1Primitive().getEncoded());
      Files.writeString(
          file,
          "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n"
              + Files.readString(file));

      TlsIdentity read = TlsIdentity.read(identity.certificateFile(), file);
      assertThat(read).hasToString("TlsIdentity[1]");
    }
  }
}
