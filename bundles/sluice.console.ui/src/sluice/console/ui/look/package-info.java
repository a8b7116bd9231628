/**
 * How things look: icons, words and colours of states, numbers and times in words, the palette of either theme. UI thread,
 * except {@link sluice.console.ui.look.Format}, which is pure. It knows the model's enumerations and nothing else.
 */
package sluice.console.ui.look;
