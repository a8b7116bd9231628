/**
 * Between the protocol's volumes and the layouts that I/O is done by, with the rules that a layout must keep.
 *
 * <p>Pure and without state, so for any thread; imports the JDK, {@code sluice.api} and the protocol's messages.
 */
package sluice.core.layout;
