/**
 * What can be done. Each action is one command of the workbench, the same in menu, context menu, toolbar, Quick Access, pages
 * and alerts; it says itself whether it is possible now, and why not. UI thread; what waits for a server runs as a job.
 */
package sluice.console.ui.act;
