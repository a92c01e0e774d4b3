/**
 * What people and scripts ask of the control plane: the admin port, and the tenants that are there
 * from the start. Requests come in; rows written through {@code database} and reports of what is in
 * force go out.
 */
@NullMarked
package io.mantle.controlplane.admin;

import org.jspecify.annotations.NullMarked;
