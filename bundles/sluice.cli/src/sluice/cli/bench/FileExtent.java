package sluice.cli.bench;

import java.nio.file.Path;

/** A piece of a disk's file in which a leg's blocks lie, for peers to serve the same ones. */
record FileExtent(Path file, long offset, long bytes) {}
