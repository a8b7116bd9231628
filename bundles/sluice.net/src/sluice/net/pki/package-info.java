/**
 * Who is who: the cluster's authority, the identities it issues, what a certificate says, and the join token.
 *
 * <p>Values are immutable and for any thread; what touches files says so and blocks. Certificates are made with
 * BouncyCastle, everything else (TLS, verification) is the JDK's. Imports no Netty.
 */
package sluice.net.pki;
