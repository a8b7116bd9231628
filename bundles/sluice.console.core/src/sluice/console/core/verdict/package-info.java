/**
 * What is the matter with an object of a SAN, what it means for the data, and what to do: health, sentences, what if,
 * estimates.
 *
 * <p>Pure: a {@link sluice.console.core.view.SanView} in, values out; no clock, thread or file.
 */
package sluice.console.core.verdict;
