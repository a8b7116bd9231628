package sluice.net.pki;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import sluice.api.ErrorCode;
import sluice.api.SluiceException;

/** Reads what an unproven peer sent as a certificate request. */
public final class CertificateRequests {
  private static final int MAX_BYTES = 4096; // one with a P-256 key is about 250
  private static final ASN1ObjectIdentifier EC_KEY = new ASN1ObjectIdentifier("1.2.840.10045.2.1");
  private static final ASN1ObjectIdentifier ECDSA_SHA256 = new ASN1ObjectIdentifier("1.2.840.10045.4.3.2");
  private static final ASN1ObjectIdentifier P256 = new ASN1ObjectIdentifier("1.2.840.10045.3.1.7");

  private CertificateRequests() {}

  /**
   * Lower-case hex SHA-256 of the request's public key, to tell a repeated join from a second use of a token.
   *
   * @throws SluiceException INVALID_ARGUMENT as {@link Authority#issue}
   */
  public static String keySha256(byte[] csr) {
    return keySha256(provenKey(csr));
  }

  /** The same of a certificate's key. */
  public static String keySha256(java.security.cert.X509Certificate certificate) {
    return keySha256(SubjectPublicKeyInfo.getInstance(certificate.getPublicKey().getEncoded()));
  }

  /** @throws SluiceException INVALID_ARGUMENT as {@link Authority#issue} */
  static PublicKey publicKey(byte[] csr) {
    try {
      return publicKey(provenKey(csr));
    } catch (IOException | GeneralSecurityException e) {
      throw damaged("its key cannot be read");
    }
  }

  private static PublicKey publicKey(SubjectPublicKeyInfo key) throws IOException, GeneralSecurityException {
    return KeyFactory.getInstance("EC").generatePublic(new X509EncodedKeySpec(key.getEncoded()));
  }

  static SubjectPublicKeyInfo provenKey(byte[] csr) {
    if (csr.length > MAX_BYTES) throw damaged("it is larger than " + MAX_BYTES + " bytes");
    try {
      PKCS10CertificationRequest request = new PKCS10CertificationRequest(csr);
      SubjectPublicKeyInfo key = request.getSubjectPublicKeyInfo();
      if (!key.getAlgorithm().getAlgorithm().equals(EC_KEY) || !P256.equals(key.getAlgorithm().getParameters())) {
        throw damaged("its key is not one of P-256");
      }
      if (!request.getSignatureAlgorithm().getAlgorithm().equals(ECDSA_SHA256) || !proven(request, key)) {
        throw damaged("its signature does not prove the key");
      }
      return key;
    } catch (SluiceException e) {
      throw e;
    } catch (IOException | GeneralSecurityException | RuntimeException e) {
      // BouncyCastle reports damage inside the structure by several kinds of RuntimeException.
      throw damaged("it cannot be read");
    }
  }

  private static boolean proven(PKCS10CertificationRequest request, SubjectPublicKeyInfo key)
      throws IOException, GeneralSecurityException {
    Signature signature = Signature.getInstance("SHA256withECDSA");
    signature.initVerify(publicKey(key));
    signature.update(request.toASN1Structure().getCertificationRequestInfo().getEncoded(ASN1Encoding.DER));
    return signature.verify(request.getSignature());
  }

  private static String keySha256(SubjectPublicKeyInfo key) {
    try {
      return Pem.sha256(key.getEncoded());
    } catch (IOException e) {
      throw damaged("its key cannot be read");
    }
  }

  private static SluiceException damaged(String why) {
    return new SluiceException(
        ErrorCode.INVALID_ARGUMENT, "the certificate request is not usable", why, "make a new one and join again");
  }
}
