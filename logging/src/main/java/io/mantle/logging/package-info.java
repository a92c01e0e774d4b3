/**
 * How both servers write their logs: every event of every logger, third parties' included, comes
 * in; lines of text or JSON go out, scrubbed of what looks private. Nothing private should come in,
 * so this is the last line of defence, not the first.
 */
@NullMarked
package io.mantle.logging;

import org.jspecify.annotations.NullMarked;
