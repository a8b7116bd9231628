/**
 * Widgets that follow a changing model: one pulse per display, virtual tables and trees that keep selection, order and what
 * is expanded. UI thread only. They know nothing of what they show.
 */
package sluice.console.ui.live;
