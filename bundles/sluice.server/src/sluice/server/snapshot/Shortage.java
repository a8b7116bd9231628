package sluice.server.snapshot;

/**
 * A volume's snapshots can get no more space, and have little left.
 *
 * @param why there is no more, for people
 * @param waiting changes wait for it already
 */
public record Shortage(String why, boolean waiting) {}
