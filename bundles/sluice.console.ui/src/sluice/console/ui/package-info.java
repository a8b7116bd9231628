/**
 * The console's frame: application, workbench, windows. Everything here runs on the UI thread; what waits for a server
 * does so elsewhere and comes back with Display.asyncExec. It may use the client and the model, never the server's or
 * agent's bundles.
 */
package sluice.console.ui;
