/**
 * What the tests of several modules share. Real servers: in comes a folder; out comes a server on a
 * port of loopback, its own or in a container, or a skipped test where this system has none. And a
 * judge: in come an API's document and an answer; out comes an error that names what differs.
 */
@NullMarked
package io.mantle.testing;

import org.jspecify.annotations.NullMarked;
