package sluice.agent.volume;

import java.nio.file.Path;
import sluice.agent.router.RouterTimes;
import sluice.core.redirect.RedirectTimes;
import sluice.telemetry.Metrics;

/**
 * What all volumes of an agent have in common.
 *
 * @param folder for the exports' sockets
 * @param hostId of this host
 * @param incarnation of this agent
 * @param onlyOwnDisks whether disks are looked for by this host's own ways only
 * @param tcpBase first port for exports over TCP on loopback; 0: any; -1: none
 */
public record VolumeSettings(
    Path folder, String hostId, long incarnation, boolean onlyOwnDisks, int tcpBase, RouterTimes times, RedirectTimes redirect,
    Metrics metrics) {}
