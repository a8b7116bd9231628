/**
 * Block devices that stack on others: alignment, windows, layouts, hops between loops.
 *
 * <p>Each belongs to one loop and is used on it only. Nothing is allocated for a request once the pools of children
 * have grown to the number of requests in flight. May import sluice.api and the JDK; no Netty.
 */
package sluice.io.device;
