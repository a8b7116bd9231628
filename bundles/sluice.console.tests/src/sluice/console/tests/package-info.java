/**
 * The console in the real workbench under a (virtual) display, with real clicks and keys, against servers and agents that
 * are processes of the built product. Tests run off the UI thread and wait for what they want to see.
 */
package sluice.console.tests;
