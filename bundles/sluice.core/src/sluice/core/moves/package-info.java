/**
 * Tasks that move extents (evacuate, relayout, rebalance, replace a disk), volume by volume and leg by leg: which one is next is the
 * catalog's to say, how a leg moves its volume's care.
 *
 * <p>Pure and single-threaded: no clock, no chance, no thread; what it does goes out by {@link sluice.core.moves.MoverEffects}.
 * Level-triggered, so that nothing has to be remembered over a restart. May import the JDK, the catalog's view and the protocol's
 * messages only.
 */
package sluice.core.moves;
