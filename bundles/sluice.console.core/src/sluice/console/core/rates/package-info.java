/**
 * How fast things are: bounded series of what hosts count, made of one view after the other.
 *
 * <p>One owner, the projector's thread or whoever feeds it; what is handed out is a copy. No clock: times are the server's.
 */
package sluice.console.core.rates;
