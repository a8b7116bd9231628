/** How bundles that connect get this machine's proven identity without knowing where it is kept. JDK only. */
package sluice.api.security;
