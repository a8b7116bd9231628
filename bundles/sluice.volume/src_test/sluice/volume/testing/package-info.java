/** Stand-ins for loops and disks: the clock, the order of completions and the faults are the test's. */
package sluice.volume.testing;
