/**
 * Where a program's log goes and what it looks like. Works with logback and does nothing without it. May import slf4j,
 * logback and sluice.api.
 */
package sluice.telemetry.log;
