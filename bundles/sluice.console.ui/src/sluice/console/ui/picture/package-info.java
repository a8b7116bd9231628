/**
 * Pictures: canvases that paint what the core has laid out as plain rectangles, lines and curves. UI thread. Nothing of the
 * window system is made while painting; what is off the screen is not painted; every picture has a table as its other tab.
 */
package sluice.console.ui.picture;
