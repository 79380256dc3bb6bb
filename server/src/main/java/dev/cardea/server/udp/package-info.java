/**
 * UDP sockets of the event loops, for media: what they receive lies in memory that the sockets of a
 * loop share, is changed there, and goes out from there. On Linux they call the kernel themselves;
 * elsewhere they are Netty's.
 */
@NullMarked
package dev.cardea.server.udp;

import org.jspecify.annotations.NullMarked;
