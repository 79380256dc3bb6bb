/** PeerServer's protocol on whole servers. */
@NullMarked
package dev.cardea.server.peerjs;

import org.jspecify.annotations.NullMarked;
