package io.mantle.controlplane.admin;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.List;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.pkcs.RSAPrivateKey;
import org.bouncycastle.asn1.sec.ECPrivateKey;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemReader;

/**
 * Who the admin port is under TLS: a certificate with its chain, and its private key. It prints
 * without the key. Immutable.
 */
public final class TlsIdentity {
  private static final byte[] PROBE = "mantle".getBytes(StandardCharsets.US_ASCII);

  private final List<Certificate> chain;
  private final PrivateKey key;

  private TlsIdentity(List<Certificate> chain, PrivateKey key) {
    this.chain = chain;
    this.key = key;
  }

  /**
   * Reads PEM files: the chain with the server's own certificate first, and a key that is not
   * encrypted, in PKCS#8, PKCS#1 (RSA) or SEC 1 (EC).
   *
   * @throws IllegalArgumentException if they cannot be used, or do not belong together; it names
   *     the file and never what is in it
   */
  public static TlsIdentity read(Path certificateFile, Path keyFile) {
    List<Certificate> chain = chain(certificateFile);
    PrivateKey key = key(keyFile);
    if (!isPair(chain.getFirst().getPublicKey(), key)) {
      throw new IllegalArgumentException(
          keyFile + " is not the key of the first certificate in " + certificateFile);
    }
    return new TlsIdentity(chain, key);
  }

  /** The same as a key store in memory, under a password that protects nothing. */
  KeyStore keyStore(String password) {
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      store.setKeyEntry(
          "admin", key, password.toCharArray(), chain.toArray(new Certificate[chain.size()]));
      return store;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("every Java platform has PKCS12", e);
    }
  }

  private static List<Certificate> chain(Path file) {
    try {
      List<Certificate> chain =
          List.copyOf(
              CertificateFactory.getInstance("X.509")
                  .generateCertificates(new ByteArrayInputStream(Files.readAllBytes(file))));
      if (!chain.isEmpty()) {
        return chain;
      }
    } catch (IOException e) {
      throw new IllegalArgumentException("cannot read " + file, e);
    } catch (GeneralSecurityException e) {
      // told below
    }
    throw new IllegalArgumentException(file + " holds no certificate in PEM");
  }

  private static PrivateKey key(Path file) {
    try (PemReader reader =
        new PemReader(new StringReader(Files.readString(file, StandardCharsets.US_ASCII)))) {
      for (PemObject pem = reader.readPemObject(); pem != null; pem = reader.readPemObject()) {
        PrivateKeyInfo key =
            switch (pem.getType()) {
              case "PRIVATE KEY" -> PrivateKeyInfo.getInstance(pem.getContent());
              case "RSA PRIVATE KEY" -> rsa(pem.getContent());
              case "EC PRIVATE KEY" -> ec(pem.getContent());
              default -> null; // such as EC PARAMETERS, which stand before the key
            };
        if (key != null) {
          return privateKey(key);
        }
      }
    } catch (IOException e) {
      throw new IllegalArgumentException("cannot read " + file, e);
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      // told below, without the parser's words
    }
    throw new IllegalArgumentException(file + " holds no private key in PEM without a password");
  }

  private static PrivateKeyInfo rsa(byte[] pkcs1) throws IOException {
    return new PrivateKeyInfo(
        new AlgorithmIdentifier(PKCSObjectIdentifiers.rsaEncryption, DERNull.INSTANCE),
        RSAPrivateKey.getInstance(pkcs1));
  }

  private static PrivateKeyInfo ec(byte[] sec1) throws IOException {
    ECPrivateKey key = ECPrivateKey.getInstance(sec1);
    return new PrivateKeyInfo(
        new AlgorithmIdentifier(X9ObjectIdentifiers.id_ecPublicKey, key.getParametersObject()),
        key);
  }

  private static PrivateKey privateKey(PrivateKeyInfo key)
      throws GeneralSecurityException, IOException {
    String algorithm = key.getPrivateKeyAlgorithm().getAlgorithm().getId();
    return KeyFactory.getInstance(algorithm)
        .generatePrivate(new PKCS8EncodedKeySpec(key.getEncoded()));
  }

  private static boolean isPair(PublicKey publicKey, PrivateKey privateKey) {
    String algorithm =
        switch (privateKey.getAlgorithm()) {
          case "RSA" -> "SHA256withRSA";
          case "EC" -> "SHA256withECDSA";
          default -> privateKey.getAlgorithm();
        };
    try {
      Signature signer = Signature.getInstance(algorithm);
      signer.initSign(privateKey);
      signer.update(PROBE);
      byte[] signature = signer.sign();
      signer.initVerify(publicKey);
      signer.update(PROBE);
      return signer.verify(signature);
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  @Override
  public String toString() {
    return "TlsIdentity[" + chain.size() + "]";
  }
}
