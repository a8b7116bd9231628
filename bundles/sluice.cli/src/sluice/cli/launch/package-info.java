/**
 * Starts the server or the agent: an OSGi framework in this JVM, made of the bundles in the program's folder.
 *
 * <p>What is to be installed is decided by pure classes ({@link sluice.cli.launch.BundleClosure},
 * {@link sluice.cli.launch.Reconciliation}); {@link sluice.cli.launch.FrameworkLauncher} carries it out on the main
 * thread. The bundles see nothing of this class path but the framework itself.
 */
package sluice.cli.launch;
