package sluice.nbd.internal;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Encrypts and decrypts records nobody wants, until the virtual machine has compiled the cipher of TLS.
 *
 * <p>Not yet compiled, AES-GCM takes about 400 µs for 4 KiB instead of 3: a volume that is rerouted in a program's first
 * minutes would crawl just when it must not. Runs once in a program, beside the first handshake; takes one processor for less
 * than a second.
 */
final class WarmCipher implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(WarmCipher.class);
  private static final int RECORD = 16 << 10;
  /** Enough for the last tier: it is compiled after some ten thousand blocks and a few thousand calls. */
  private static final int ROUNDS = 5000;
  private static final int TAG_BITS = 128;
  private static final int NONCE = 12;

  private final ByteBuffer heapPlain = ByteBuffer.allocate(RECORD);
  private final ByteBuffer heapSealed = ByteBuffer.allocate(RECORD + TAG_BITS / 8);
  private final ByteBuffer directPlain = ByteBuffer.allocateDirect(RECORD);
  private final ByteBuffer directSealed = ByteBuffer.allocateDirect(RECORD + TAG_BITS / 8);

  /** Any thread; the work is done on one of its own. */
  static void start() {
    Thread thread = new Thread(new WarmCipher(), "nbd-warm-cipher");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void run() {
    long began = System.nanoTime();
    try {
      Cipher out = Cipher.getInstance("AES/GCM/NoPadding");
      Cipher in = Cipher.getInstance("AES/GCM/NoPadding");
      // The engine works on memory of either kind, and small records take another turn than large ones.
      for (int i = 0; i < ROUNDS; i++) record(out, in, i, i % 4 == 0 ? RECORD : 64 + i % 512, i % 2 == 0);
    } catch (GeneralSecurityException e) {
      LOG.warn("the cipher of TLS cannot be warmed up: {}", e.toString());
    }
    LOG.debug("the cipher of TLS is warm after {} ms", (System.nanoTime() - began) / 1_000_000);
  }

  private void record(Cipher out, Cipher in, int number, int length, boolean direct) throws GeneralSecurityException {
    SecretKeySpec key = new SecretKeySpec(new byte[32], "AES");
    byte[] nonce = ByteBuffer.allocate(NONCE).putInt(number).array();
    out.init(Cipher.ENCRYPT_MODE, key, new GCMParameterSpec(TAG_BITS, nonce));
    ByteBuffer plain = (direct ? directPlain : heapPlain).clear().limit(length);
    ByteBuffer sealed = (direct ? directSealed : heapSealed).clear();
    out.updateAAD(nonce);
    out.doFinal(plain, sealed);
    in.init(Cipher.DECRYPT_MODE, key, new GCMParameterSpec(TAG_BITS, nonce));
    in.updateAAD(nonce);
    in.doFinal(sealed.flip(), plain.clear());
  }
}
