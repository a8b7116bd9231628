/** Generates Java from an Ecore model in the build. Not shipped; one thread, files below the project only. */
package sluice.emfgen;
