package io.mantle.controlplane.snapshot;

import com.google.api.expr.v1alpha1.Constant;
import com.google.api.expr.v1alpha1.Expr;
import io.envoyproxy.envoy.config.rbac.v3.Permission;
import io.envoyproxy.envoy.config.rbac.v3.Policy;
import io.envoyproxy.envoy.config.rbac.v3.Principal;
import io.envoyproxy.envoy.extensions.filters.http.rbac.v3.RBAC;
import java.util.Collection;

/**
 * The filter that judges where a provider's name leads, in Envoy, for the very address that is
 * about to be connected to and before it is. So what a name resolves to later, or elsewhere, is
 * judged as well. A request that it denies ends there; nobody else is tried.
 */
final class AddressGuard {
  /** Whether an endpoint may lead anywhere: a field of its metadata, which only we write. */
  static final String ANYWHERE = "anywhere";

  private AddressGuard() {}

  /** Whether one of these has to be judged at all. */
  static boolean isNeeded(Collection<ProviderEndpoint> endpoints) {
    return endpoints.stream().anyMatch(endpoint -> !endpoint.mayLeadAnywhere());
  }

  static RBAC build() {
    return RBAC.newBuilder()
        .setRules(
            io.envoyproxy
                .envoy
                .config
                .rbac
                .v3
                .RBAC
                .newBuilder()
                .setAction(io.envoyproxy.envoy.config.rbac.v3.RBAC.Action.ALLOW)
                .putPolicies(
                    "public", anyone().addPermissions(PublicAddresses.permission()).build())
                .putPolicies(
                    ANYWHERE,
                    anyone()
                        .addPermissions(Permission.newBuilder().setAny(true))
                        .setCondition(isMarked())
                        .build()))
        .build();
  }

  private static Policy.Builder anyone() {
    return Policy.newBuilder().addPrincipals(Principal.newBuilder().setAny(true));
  }

  /** {@code xds.upstream_host_metadata.filter_metadata["mantle"]["anywhere"] == true}. */
  private static Expr isMarked() {
    Expr metadata = field(field(name("xds"), "upstream_host_metadata"), "filter_metadata");
    Expr mark = call("_[_]", call("_[_]", metadata, text(Clusters.METADATA)), text(ANYWHERE));
    return call("_==_", mark, constant(Constant.newBuilder().setBoolValue(true)));
  }

  private static Expr name(String name) {
    return Expr.newBuilder().setIdentExpr(Expr.Ident.newBuilder().setName(name)).build();
  }

  private static Expr field(Expr of, String field) {
    return Expr.newBuilder()
        .setSelectExpr(Expr.Select.newBuilder().setOperand(of).setField(field))
        .build();
  }

  private static Expr call(String function, Expr one, Expr other) {
    return Expr.newBuilder()
        .setCallExpr(Expr.Call.newBuilder().setFunction(function).addArgs(one).addArgs(other))
        .build();
  }

  private static Expr text(String text) {
    return constant(Constant.newBuilder().setStringValue(text));
  }

  private static Expr constant(Constant.Builder constant) {
    return Expr.newBuilder().setConstExpr(constant).build();
  }
}
