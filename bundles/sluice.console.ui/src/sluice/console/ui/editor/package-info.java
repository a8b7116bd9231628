/**
 * One editor per object, the same for all kinds: verdict first, then pages. UI thread; it edits nothing itself, the actions
 * do.
 */
package sluice.console.ui.editor;
