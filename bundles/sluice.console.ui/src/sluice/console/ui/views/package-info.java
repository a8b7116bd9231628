/**
 * The views of the workbench: tree, lists, properties, help. UI thread. Each follows the clusters that are shown, by one
 * beat of the display's pulse, and the window's selection. They change nothing: that is for the commands.
 */
package sluice.console.ui.views;
