/**
 * The launcher behind {@code ./mantle}. In come a command line and a few environment variables; out
 * come running processes (control plane, ext_proc server, Envoy), a demo provider in this process,
 * and {@code run.json}. It is here so that one command on a fresh machine shows the whole way, and
 * so that nothing it started outlives it.
 *
 * <p>{@link io.mantle.cli.Mantle} is the door; {@link io.mantle.cli.Stack} is the wiring on one
 * page. The two servers are started by class name and environment and are not seen by this code.
 */
@NullMarked
package io.mantle.cli;

import org.jspecify.annotations.NullMarked;
