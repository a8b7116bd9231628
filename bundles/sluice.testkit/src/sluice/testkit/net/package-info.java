/**
 * The virtual network: ways between two parties that lose, double, delay and cut, each direction by itself.
 *
 * <p>May import sluice.testkit.world and the JDK.
 */
package sluice.testkit.net;
