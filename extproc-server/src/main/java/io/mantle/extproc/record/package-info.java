/**
 * What providers are sent, of tenants whose policy asks for a record of it, on its way to the
 * control plane, which seals it: through a bounded queue in memory, never on disk. Nothing waits
 * for it: what finds no place is dropped and counted.
 */
@NullMarked
package io.mantle.extproc.record;

import org.jspecify.annotations.NullMarked;
