/**
 * The detector alone, in this process, and Presidio beside it in one of its own. In comes a command
 * line; out come a table and, if asked for, a JSON file. Unlike the rest of this module it sees the
 * engine's detector: what takes a tenth of a millisecond cannot be timed through a socket.
 *
 * <p>{@link io.mantle.bench.detect.DetectBench} is the door.
 */
@NullMarked
package io.mantle.bench.detect;

import org.jspecify.annotations.NullMarked;
