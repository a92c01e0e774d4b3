/**
 * Postgres: what is stored, and word of what changed. In come records from the admin side and usage
 * from the sidecars; out go {@link io.mantle.controlplane.database.TenantRows} and the ids of
 * tenants that changed. JDBC is used here and nowhere else.
 *
 * <p>The service logs in once, as the user of its database URL, and each pool then takes a role
 * ({@code SET ROLE} as a connection's first statement): {@code mantle_app}, which sees one tenant
 * at a time, {@code mantle_publisher}, which reads what is published of all, or {@code
 * mantle_identity}, which finds out who asks. The alternative, roles that log in, needs three more
 * passwords to be made, kept and rotated; against it stands that a session could reset its role,
 * which takes SQL of an attacker's own choosing, and every statement here is a constant with
 * parameters. Connections must not be shared by a pooler in transaction mode, which would forget
 * the role.
 */
@NullMarked
package io.mantle.controlplane.database;

import org.jspecify.annotations.NullMarked;
