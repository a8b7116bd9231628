package sluice.telemetry;

/**
 * One thing that is well or is not.
 *
 * @param name short and stable, for example {@code catalog}
 * @param good whether the program can do its work as far as this goes
 * @param text how it is, in words
 */
public record HealthCheck(String name, boolean good, String text) {}
