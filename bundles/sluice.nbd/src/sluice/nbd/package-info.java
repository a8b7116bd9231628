/**
 * The one block protocol of Sluice: an NBD server that exports block devices, and an NBD client that is one.
 *
 * <p>The protocol is that of the document "The NBD protocol" (NetworkBlockDevice/nbd, doc/proto.md); javadoc here cites
 * its sections by name. Every connection lives on one event loop, the loop that owns its device; nothing blocks it.
 * May import sluice.api, sluice.io and Netty.
 */
package sluice.nbd;
