package sluice.server.care;

import sluice.core.care.CareFacts;
import sluice.protocol.v1.Volume;

/** A volume, and how its copies are. */
public record CaredVolume(Volume volume, CareFacts facts) {}
