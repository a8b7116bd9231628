/**
 * The care of a mirrored volume: what the server does when a leg fails, a host dies or an administrator changes the
 * copies (design page, section 5 "Recovery" and "Reconfiguration"; invariants 1 to 5).
 *
 * <p>Pure and single-threaded: no clock, no chance, no thread; what it does goes out by {@link CareEffects}. Level-triggered:
 * after each input it looks at what is and does the one next thing. May import the JDK and the protocol's messages only.
 */
package sluice.core.care;
