/**
 * Real servers that the tests of several modules start. In comes a folder; out comes a server on a
 * port of loopback, its own or in a container, or a skipped test where this system has none.
 */
@NullMarked
package io.mantle.testing;

import org.jspecify.annotations.NullMarked;
