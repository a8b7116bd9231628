package sluice.net.pki;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.HexFormat;
import org.bouncycastle.asn1.DERBitString;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.sec.ECPrivateKey;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import sluice.api.ErrorCode;
import sluice.api.SluiceException;

/** PEM as GnuTLS, OpenSSL and the JDK all read it, with exactly one object in a file. */
final class Pem {
  static final int MAX_BYTES = 64 * 1024;
  private static final int P256_BITS = 256;
  private static final Base64.Encoder LINES = Base64.getMimeEncoder(64, new byte[] {'\n'});

  private Pem() {}

  static byte[] of(X509Certificate certificate) {
    try {
      return encode("CERTIFICATE", certificate.getEncoded());
    } catch (CertificateException e) {
      throw new IllegalArgumentException("a certificate that cannot be encoded", e);
    }
  }

  /**
   * PKCS#8 with the public key in it. The JDK leaves that out (RFC 5915 makes it optional), but GnuTLS loads no key
   * without it, and its tools are to use the file.
   */
  static byte[] of(PrivateKey key, PublicKey publicKey) {
    try {
      PrivateKeyInfo bare = PrivateKeyInfo.getInstance(key.getEncoded());
      ECPrivateKey ec = ECPrivateKey.getInstance(bare.parsePrivateKey());
      byte[] point = SubjectPublicKeyInfo.getInstance(publicKey.getEncoded()).getPublicKeyData().getBytes();
      ECPrivateKey whole =
          new ECPrivateKey(P256_BITS, ec.getKey(), new DERBitString(point), bare.getPrivateKeyAlgorithm().getParameters());
      return encode("PRIVATE KEY", new PrivateKeyInfo(bare.getPrivateKeyAlgorithm(), whole).getEncoded());
    } catch (IOException e) {
      throw new IllegalArgumentException("a key that cannot be encoded", e);
    }
  }

  static X509Certificate certificate(byte[] pem, String source) {
    return certificateOfDer(decode(pem, "CERTIFICATE", source), source);
  }

  static X509Certificate certificateOfDer(byte[] der, String source) {
    try {
      return (X509Certificate)
          CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
    } catch (CertificateException e) {
      throw damaged(source, "it holds no readable certificate");
    }
  }

  static PrivateKey key(byte[] pem, String source) {
    try {
      return KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(decode(pem, "PRIVATE KEY", source)));
    } catch (GeneralSecurityException e) {
      throw damaged(source, "it holds no readable elliptic-curve key");
    }
  }

  static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(java.security.MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private static byte[] encode(String type, byte[] der) {
    return ("-----BEGIN " + type + "-----\n" + LINES.encodeToString(der) + "\n-----END " + type + "-----\n")
        .getBytes(StandardCharsets.US_ASCII);
  }

  private static byte[] decode(byte[] pem, String type, String source) {
    String text = new String(pem, StandardCharsets.ISO_8859_1);
    String begin = "-----BEGIN " + type + "-----";
    String end = "-----END " + type + "-----";
    int from = text.indexOf(begin);
    int to = text.indexOf(end);
    if (from < 0 || to < from || text.indexOf(begin, from + 1) >= 0) {
      throw damaged(source, "it should hold one " + begin);
    }
    try {
      return Base64.getMimeDecoder().decode(text.substring(from + begin.length(), to));
    } catch (IllegalArgumentException e) {
      throw damaged(source, "its base64 is damaged");
    }
  }

  private static SluiceException damaged(String source, String why) {
    return new SluiceException(
        ErrorCode.CORRUPT, source + " is damaged", why, "put the right file back, or join the cluster again", source);
  }
}
