/**
 * What the console draws, as plain geometry: rectangles, lines and points with what they stand for, computed away from the
 * user interface, which only paints. Each picture can be hit, walked with the arrow keys, and read as a table.
 *
 * <p>Pure and immutable; any thread. Lengths are pixels at 100 %; y grows downwards.
 */
package sluice.console.core.scene;
