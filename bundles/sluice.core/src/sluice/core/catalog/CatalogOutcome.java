package sluice.core.catalog;

import sluice.protocol.v1.CatalogDelta;
import sluice.protocol.v1.CommandResult;

/**
 * What applying one command gave.
 *
 * @param result for who asked: applied, or the problem
 * @param delta what changed, for everyone who follows; without changes if the command was refused or repeated
 */
public record CatalogOutcome(CommandResult result, CatalogDelta delta) {}
