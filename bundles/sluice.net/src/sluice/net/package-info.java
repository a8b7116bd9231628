/**
 * The control protocol's transport: TLS 1.3 sessions between the server and its hosts and users, over several networks.
 *
 * <p>Server side {@link sluice.net.ControlServer}, client side {@link sluice.net.LinkSet}; the legal sequences are those
 * of session.proto. Every connection and every link set belongs to one event loop; callbacks come on it and must not
 * block. {@link sluice.net.LinkStateMachine} decides about time and imports no Netty. Everything that waits is bounded.
 */
package sluice.net;
