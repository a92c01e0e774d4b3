/**
 * Makes a control plane what {@code mantle.yaml} says. In come a file, an environment and a bearer
 * token; out go requests to the admin API, and the same file a second time sends none that changes
 * anything. It is here so that tenants can be kept in a repository and reviewed there.
 *
 * <p>The way of a file: {@link io.mantle.cli.apply.MantleFile} reads it and judges it as a whole,
 * with the place of every flaw; {@link io.mantle.cli.apply.Reconciler} reads what is there, takes
 * the difference and, if asked to, sends it. Nothing here prints or logs a credential, a key or a
 * phrase of a policy.
 */
@NullMarked
package io.mantle.cli.apply;

import org.jspecify.annotations.NullMarked;
