/**
 * The clusters that the console shows: connecting, staying connected, and what everything else asks about them. UI thread,
 * but for what waits, which comes back with the display.
 */
package sluice.console.ui.clusters;
