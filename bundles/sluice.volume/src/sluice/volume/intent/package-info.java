/**
 * Write intents (invariant 4): which regions of a mirrored volume may differ between its legs, kept beside each leg.
 *
 * <p>The codec and the bitmaps are pure; the log and the slots live on their engine's loop. A slot has one writer at a time.
 * May import sluice.api, sluice.io.device and slf4j.
 */
package sluice.volume.intent;
