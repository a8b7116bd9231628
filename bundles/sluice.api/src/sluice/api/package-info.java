/**
 * What every part of Sluice has in common: identities, sizes, errors that an operator can act on.
 *
 * <p>Pure values; nothing here blocks, keeps a thread or knows a library. May import the JDK only.
 */
package sluice.api;
