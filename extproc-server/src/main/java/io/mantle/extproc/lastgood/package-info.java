/**
 * What keeps a sidecar serving while the control plane is away, across its own restart: files of
 * what was good last, sealed, since they hold providers' credentials. In come bytes and how old
 * they are; out come the same bytes after a restart, or nothing where a file is not what was
 * written.
 */
@NullMarked
package io.mantle.extproc.lastgood;

import org.jspecify.annotations.NullMarked;
