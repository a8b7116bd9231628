package sluice.net.pki;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Locale;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32;
import sluice.api.ErrorCode;
import sluice.api.SluiceException;

/**
 * A join token as people carry it: {@code sluice1-ID-SECRET-AUTHORITY-CHECK}, all in lower-case hex.
 *
 * <p>ID is the token's UUID without dashes, SECRET 20 random bytes, AUTHORITY the SHA-256 of the cluster's CA, CHECK
 * the CRC-32 of all before it, so that a mistyped or cut token is told from one that the server does not know.
 * Immutable; {@link #toString} hides the secret.
 */
public final class JoinTokenText {
  private static final int SECRET_BYTES = 20;
  private static final Pattern FORM =
      Pattern.compile("sluice1-([0-9a-f]{32})-([0-9a-f]{40})-([0-9a-f]{64})-([0-9a-f]{8})");
  private static final HexFormat HEX = HexFormat.of();

  private final String tokenId;
  private final byte[] secret;
  private final String caSha256;

  private JoinTokenText(String tokenId, byte[] secret, String caSha256) {
    this.tokenId = tokenId;
    this.secret = secret;
    this.caSha256 = caSha256;
  }

  /** A new token with a new secret. @param tokenId a UUID @param caSha256 {@link Authority#sha256} */
  public static JoinTokenText create(String tokenId, String caSha256) {
    byte[] secret = new byte[SECRET_BYTES];
    new SecureRandom().nextBytes(secret);
    return new JoinTokenText(UUID.fromString(tokenId).toString(), secret, caSha256);
  }

  /** @throws SluiceException INVALID_ARGUMENT that says how the text is wrong, without repeating it */
  public static JoinTokenText parse(String text) {
    String token = text.strip().toLowerCase(Locale.ROOT);
    if (token.isEmpty()) throw wrong("it is empty");
    if (!token.startsWith("sluice")) throw wrong("it does not begin with 'sluice1-'");
    if (!token.startsWith("sluice1-")) throw wrong("it is of another version of Sluice");
    Matcher m = FORM.matcher(token);
    if (!m.matches()) throw wrong("it is cut short, or has characters that no token has");
    String checked = token.substring(0, token.length() - 9);
    if (!check(checked).equals(m.group(4))) throw wrong("it is mistyped: its check digits do not fit");
    return new JoinTokenText(dashed(m.group(1)), HEX.parseHex(m.group(2)), m.group(3));
  }

  /** The secret text itself; show it once. */
  public String text() {
    String checked = "sluice1-" + tokenId.replace("-", "") + "-" + HEX.formatHex(secret) + "-" + caSha256;
    return checked + "-" + check(checked);
  }

  public String tokenId() {
    return tokenId;
  }

  public byte[] secret() {
    return secret.clone();
  }

  /** What the catalog keeps of the secret. */
  public byte[] secretSha256() {
    return HEX.parseHex(Pem.sha256(secret));
  }

  public String caSha256() {
    return caSha256;
  }

  @Override
  public String toString() {
    return "JoinToken(" + tokenId + ")";
  }

  private static String check(String text) {
    CRC32 crc = new CRC32();
    crc.update(text.getBytes(StandardCharsets.US_ASCII));
    return HEX.toHexDigits((int) crc.getValue());
  }

  private static String dashed(String hex) {
    return String.join("-",
        hex.substring(0, 8), hex.substring(8, 12), hex.substring(12, 16), hex.substring(16, 20), hex.substring(20));
  }

  private static SluiceException wrong(String why) {
    return new SluiceException(
        ErrorCode.INVALID_ARGUMENT, "the join token is not valid", why,
        "copy the whole token, or ask an administrator for a new one (sluice host token NAME, or sluice user token NAME)");
  }
}
