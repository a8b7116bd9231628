/**
 * What must hold: every block's history, and the invariants that can be seen from outside.
 *
 * <p>Checkers know everything in the world; nothing of the code under test sees them.
 */
package sluice.testkit.check;
