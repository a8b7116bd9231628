/**
 * What the console can do to a SAN, without its windows: fields with what is wrong in them, the plan, the equivalent command
 * line, and the call itself. One operation for each command of the command line.
 *
 * <p>An operation belongs to one thread at a time, until it is run; running does not block. Imports no SWT and no JFace.
 */
package sluice.console.core.ops;
