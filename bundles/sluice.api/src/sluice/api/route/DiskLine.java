package sluice.api.route;

/**
 * A host's connection to one disk of a mirrored volume. A disk that was away may have forgotten what was not flushed, so by a line is
 * read and written only when the server has proved it.
 *
 * @param number never used again; 0: it is not open
 * @param proved whether this very line has been proved, by whatever run of the server
 * @param broken a line before it was proved and has been lost, and none has been proved since
 * @param run of the server that gave the newest proof, of this line or the one before; 0: there was none
 */
public record DiskLine(String diskId, long number, boolean proved, boolean broken, long run) {}
