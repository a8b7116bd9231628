package sluice.api.security;

import javax.net.ssl.SSLContext;

/** This program's certificate and key, and the authority it trusts; a service of the composition that has them. */
public interface TlsIdentity {
  /** Any thread: a context for TLS 1.3 with client certificates, trusting the cluster's authority only. */
  SSLContext context();

  /** Host id, user name or server id, as in the certificate. */
  String id();
}
