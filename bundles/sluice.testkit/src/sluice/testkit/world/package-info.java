/**
 * Virtual time, chance, and event loops of the simulator.
 *
 * <p>One thread runs a whole world; what happens in it is a function of its seed. May import sluice.api and the JDK.
 */
package sluice.testkit.world;
