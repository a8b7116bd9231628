/**
 * The catalog's engine on Apache Ratis: commands go through a log that is forced to the disk before they are applied,
 * and come back from it after a restart. Thin: nothing in here reads or changes the meaning of a command.
 *
 * <p>The state machine is called by one thread of Ratis's; the engine's methods by any. No port is opened.
 */
package sluice.catalog.ratis;
