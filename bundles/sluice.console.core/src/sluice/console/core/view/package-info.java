/**
 * A SAN at one moment, as an immutable value with indexes: what verdicts, pictures and operations compute from.
 *
 * <p>Pure: no clock, thread, file or EMF.
 */
package sluice.console.core.view;
