/**
 * What a change of volumes would mean, from their layouts before and after it: what moves, how much is copied, how many
 * copies there are meanwhile.
 *
 * <p>Pure and without state, so for any thread; imports the JDK and the protocol's messages.
 */
package sluice.core.plan;
