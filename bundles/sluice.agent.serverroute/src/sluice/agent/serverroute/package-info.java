/**
 * The server route: a volume's I/O over NBD and TLS, by whichever of the server's networks answers.
 *
 * <p>A bundle of its own, which can be stopped, updated and started under load. Everything of a route lives on its volume's
 * loop; nothing here decides when a route is used. May import sluice.api, sluice.io, sluice.nbd and slf4j.
 */
package sluice.agent.serverroute;
