package io.mantle.controlplane.snapshot;

import com.google.protobuf.Any;
import com.google.protobuf.Message;
import io.envoyproxy.envoy.config.common.mutation_rules.v3.HeaderMutation;
import io.envoyproxy.envoy.config.core.v3.DataSource;
import io.envoyproxy.envoy.config.core.v3.HeaderValue;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption.HeaderAppendAction;
import io.envoyproxy.envoy.extensions.filters.http.header_mutation.v3.Mutations;
import io.envoyproxy.envoy.extensions.filters.http.lua.v3.Lua;
import io.envoyproxy.envoy.extensions.filters.http.upstream_codec.v3.UpstreamCodec;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What each attempt to reach a provider passes, after the provider was chosen and before anything
 * is sent.
 *
 * <p>The address is judged ({@link AddressGuard}). Where there are alternatives, what the attempt
 * before had of its own is taken off, since Envoy starts the next attempt with the headers that the
 * last one left; then {@code attempt.lua} gives this attempt its own. What it gives travels in the
 * exchange's dynamic metadata, which is in no message, so that no filter has to run for the other
 * providers' credentials to stay here.
 */
final class UpstreamFilters {
  private static final String ENDPOINT_HEADER = GatewayListener.INTERNAL_PREFIX + "endpoint";
  private static final List<String> CREDENTIAL_HEADERS = List.of("authorization", "x-api-key");

  private UpstreamFilters() {}

  /** The filters in order; none where Envoy's default is all there is to do. */
  static List<HttpFilter> of(Chain chain) {
    List<HttpFilter> filters = new ArrayList<>();
    if (AddressGuard.isNeeded(chain.endpoints())) {
      filters.add(filter("address_guard", AddressGuard.build()));
    }
    if (chain.hasAlternatives()) {
      filters.add(filter("attempt_begins", mutations(begin())));
      filters.add(filter("attempt", attempt()));
      filters.add(filter("attempt_ready", mutations(Stream.of(removal(ENDPOINT_HEADER)))));
    }
    if (!filters.isEmpty()) {
      filters.add(filter("envoy.filters.http.upstream_codec", UpstreamCodec.getDefaultInstance()));
    }
    return filters;
  }

  private static Stream<HeaderMutation> begin() {
    HeaderMutation whom =
        HeaderMutation.newBuilder()
            .setAppend(
                HeaderValueOption.newBuilder()
                    .setHeader(
                        HeaderValue.newBuilder()
                            .setKey(ENDPOINT_HEADER)
                            .setValue(
                                "%UPSTREAM_METADATA(mantle:attempt)% %UPSTREAM_METADATA(mantle:endpoint)%"))
                    .setAppendAction(HeaderAppendAction.OVERWRITE_IF_EXISTS_OR_ADD))
            .build();
    return Stream.concat(
        CREDENTIAL_HEADERS.stream().map(UpstreamFilters::removal), Stream.of(whom));
  }

  private static HeaderMutation removal(String header) {
    return HeaderMutation.newBuilder().setRemove(header).build();
  }

  private static Message mutations(Stream<HeaderMutation> mutations) {
    Mutations.Builder request = Mutations.newBuilder();
    mutations.forEach(request::addRequestMutations);
    return io.envoyproxy.envoy.extensions.filters.http.header_mutation.v3.HeaderMutation
        .newBuilder()
        .setMutations(request)
        .build();
  }

  private static Lua attempt() {
    return Lua.newBuilder()
        .setDefaultSourceCode(
            DataSource.newBuilder().setInlineString(EnvoyScript.read("attempt.lua")))
        .build();
  }

  private static HttpFilter filter(String name, Message config) {
    return HttpFilter.newBuilder().setName(name).setTypedConfig(Any.pack(config)).build();
  }
}
