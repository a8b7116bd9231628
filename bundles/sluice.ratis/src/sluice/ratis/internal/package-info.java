/** Makes Ratis find its own classes inside OSGi, whatever thread asks first. May import Ratis and the OSGi framework. */
package sluice.ratis.internal;
