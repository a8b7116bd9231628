/** What the generated messages need by hand: errors to and from the wire. May import sluice.api and protobuf. */
package sluice.protocol;
