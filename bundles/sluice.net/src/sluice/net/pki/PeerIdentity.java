package sluice.net.pki;

import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import sluice.api.ErrorCode;
import sluice.api.SluiceException;

/**
 * Who a peer has proven to be, from its certificate's one URI name {@code sluice://CLUSTER/KIND/ID}.
 *
 * <p>Anything that is not exactly that form is refused: what two programs could read differently proves nothing.
 *
 * @param kind NONE: no certificate was shown
 * @param id host's or server's id, or user's name; empty for NONE
 * @param name for people; may be empty
 * @param clusterId empty for NONE
 * @param certificateSha256 lower-case hex of the whole certificate; empty for NONE
 */
public record PeerIdentity(Kind kind, String id, String name, String clusterId, String certificateSha256) {
  /** What a certificate can be for. */
  public enum Kind {
    NONE,
    HOST,
    USER,
    SERVER
  }

  private static final PeerIdentity NOBODY = new PeerIdentity(Kind.NONE, "", "", "", "");
  // Ids are UUIDs or names by the schema's rule (model.proto); both are within this, and nothing that a URI escapes is.
  private static final String WORD = "[a-z0-9][a-z0-9._-]{0,63}";
  private static final Pattern URI = Pattern.compile("sluice://(" + WORD + ")/(host|user|server)/(" + WORD + ")");
  private static final int SAN_URI = 6;

  /** A peer without a certificate: may join, and nothing else. */
  public static PeerIdentity none() {
    return NOBODY;
  }

  /**
   * Reads a certificate whose chain has been verified already.
   *
   * @throws SluiceException UNAUTHENTICATED if it is not of the one form
   */
  public static PeerIdentity of(X509Certificate certificate) {
    Matcher m = URI.matcher(soleUri(certificate));
    if (!m.matches()) throw odd("its name is of another form than sluice://CLUSTER/KIND/ID");
    Kind kind = Kind.valueOf(m.group(2).toUpperCase(Locale.ROOT));
    return new PeerIdentity(kind, m.group(3), commonName(certificate), m.group(1), sha256(certificate));
  }

  /** Lower-case hex SHA-256 of the certificate's DER form. */
  public static String sha256(X509Certificate certificate) {
    try {
      return Pem.sha256(certificate.getEncoded());
    } catch (CertificateEncodingException e) {
      throw odd("it cannot be encoded");
    }
  }

  /** As in the certificate. */
  String uri() {
    return uri(kind, id, clusterId);
  }

  static String uri(Kind kind, String id, String clusterId) {
    return "sluice://" + clusterId + "/" + kind.name().toLowerCase(Locale.ROOT) + "/" + id;
  }

  static void check(Kind kind, String id, String clusterId) {
    if (!URI.matcher(uri(kind, id, clusterId)).matches()) {
      throw new SluiceException(
          ErrorCode.INVALID_ARGUMENT, "no certificate can be made for " + kind + " '" + id + "'",
          "ids are 1 to 64 of a-z, 0-9, '-', '_' and '.'", "choose another name", id);
    }
  }

  private static String soleUri(X509Certificate certificate) {
    Collection<List<?>> names;
    try {
      names = certificate.getSubjectAlternativeNames();
    } catch (CertificateParsingException e) {
      throw odd("its names cannot be read");
    }
    String found = null;
    if (names != null) {
      for (List<?> name : names) {
        if (!name.get(0).equals(SAN_URI)) continue;
        if (found != null) throw odd("it has several URI names");
        found = (String) name.get(1);
      }
    }
    if (found == null) throw odd("it has no URI name");
    return found;
  }

  private static String commonName(X509Certificate certificate) {
    try {
      for (Rdn rdn : new LdapName(certificate.getSubjectX500Principal().getName()).getRdns()) {
        if (rdn.getType().equalsIgnoreCase("CN") && rdn.getValue() instanceof String cn) return cn;
      }
    } catch (InvalidNameException e) {
      // The CN is only for people; the identity is the URI.
    }
    return "";
  }

  private static SluiceException odd(String why) {
    return new SluiceException(
        ErrorCode.UNAUTHENTICATED, "the certificate is not one of Sluice's", why, "join the cluster to get one");
  }
}
