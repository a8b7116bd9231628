package sluice.cli.bench;

/**
 * One run of one contestant.
 *
 * @param perSecond requests a second
 * @param meanMicros mean time of a request, microseconds
 * @param cpuMicros processor time of the serving processes for one request, microseconds
 */
record Sample(double perSecond, double meanMicros, double cpuMicros) {}
