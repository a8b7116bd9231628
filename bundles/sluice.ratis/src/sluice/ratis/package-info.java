/**
 * What Sluice adds to Apache Ratis, which is otherwise wrapped here as it is: an RPC of a group with one member, which
 * listens on nothing. It lives with Ratis because Ratis finds an RPC by the name of its class, with its own loader.
 *
 * <p>May import Ratis only.
 */
package sluice.ratis;
