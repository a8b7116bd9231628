/**
 * Wizards: what to do is asked in fields that say at once what is wrong with them; the last page says what will happen and which
 * command does the same. UI thread; a refusal is shown in the page, and what was typed stays.
 */
package sluice.console.ui.wizards;
