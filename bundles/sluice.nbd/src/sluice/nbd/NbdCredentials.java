package sluice.nbd;

import javax.net.ssl.SSLContext;

/** Service: what this program proves itself with to NBD servers over TLS ({@code nbds:} disks). Any thread. */
public interface NbdCredentials {
  /** Key, certificate and trust; asked again for each connection. */
  SSLContext context();

  /** Whether the server's certificate must bear the host's name; false if the context's trust manager decides alone. */
  boolean checksHostName();
}
