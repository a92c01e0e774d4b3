package io.mantle.controlplane.snapshot;

import com.github.xds.type.matcher.v3.Matcher;
import com.google.protobuf.Any;
import com.google.protobuf.BoolValue;
import com.google.protobuf.Message;
import com.google.protobuf.MessageLite;
import com.google.protobuf.UInt32Value;
import com.google.protobuf.UnknownFieldSet;
import com.google.protobuf.util.Durations;
import io.envoyproxy.envoy.config.common.mutation_rules.v3.HeaderMutationRules;
import io.envoyproxy.envoy.config.core.v3.Address;
import io.envoyproxy.envoy.config.core.v3.AggregatedConfigSource;
import io.envoyproxy.envoy.config.core.v3.ApiVersion;
import io.envoyproxy.envoy.config.core.v3.ConfigSource;
import io.envoyproxy.envoy.config.core.v3.DataSource;
import io.envoyproxy.envoy.config.core.v3.GrpcService;
import io.envoyproxy.envoy.config.core.v3.Http2ProtocolOptions;
import io.envoyproxy.envoy.config.core.v3.SocketAddress;
import io.envoyproxy.envoy.config.core.v3.TransportSocket;
import io.envoyproxy.envoy.config.core.v3.TypedExtensionConfig;
import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.config.listener.v3.FilterChain;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.extensions.common.matching.v3.ExtensionWithMatcher;
import io.envoyproxy.envoy.extensions.filters.common.matcher.action.v3.SkipFilter;
import io.envoyproxy.envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor;
import io.envoyproxy.envoy.extensions.filters.http.ext_proc.v3.MetadataOptions;
import io.envoyproxy.envoy.extensions.filters.http.ext_proc.v3.ProcessingMode;
import io.envoyproxy.envoy.extensions.filters.http.ext_proc.v3.ProcessingMode.BodySendMode;
import io.envoyproxy.envoy.extensions.filters.http.ext_proc.v3.ProcessingMode.HeaderSendMode;
import io.envoyproxy.envoy.extensions.filters.http.router.v3.Router;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager.PathWithEscapedSlashesAction;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.ScopedRds;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.ScopedRoutes;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.ScopedRoutes.ScopeKeyBuilder;
import io.envoyproxy.envoy.extensions.http.early_header_mutation.header_mutation.v3.HeaderMutation;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.CommonTlsContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.TlsCertificate;
import io.envoyproxy.envoy.type.matcher.v3.HttpResponseHeaderMatchInput;
import io.envoyproxy.envoy.type.matcher.v3.StringMatcher;
import io.envoyproxy.envoy.type.v3.HttpStatus;
import io.envoyproxy.envoy.type.v3.StatusCode;
import java.nio.file.Path;

/**
 * Envoy's one listener: strip what a client may not say, let ext_proc read the exchange, route by
 * what ext_proc said. It holds nothing of any tenant, so a tenant's change never touches it.
 */
final class GatewayListener {
  static final String NAME = "gateway";

  /** Set by ext_proc alone, in its answer to the request's body; a client's are stripped. */
  static final String TENANT_HEADER = "x-mantle-internal-tenant";

  static final String ROUTE_HEADER = "x-mantle-internal-route";
  static final String INTERNAL_PREFIX = "x-mantle-internal-";
  private static final String ENVOY_PREFIX = "x-envoy-";

  private static final int REMOVE_ON_MATCH_FIELD = 3; // of HeaderMutation
  private static final int KEY_MATCHER_FIELD = 1; // of HeaderMutation.RemoveOnMatch
  private static final int STATUS_ON_ERROR_FIELD = 24; // of ExternalProcessor

  /** RFC 9113, 6.9.2; Envoy takes no smaller one. */
  private static final int HTTP2_WINDOW_BYTES_MIN = 65_535;

  private GatewayListener() {}

  static Listener build(GatewaySettings settings) {
    return Listener.newBuilder()
        .setName(NAME)
        .setAddress(
            Address.newBuilder()
                .setSocketAddress(
                    SocketAddress.newBuilder()
                        .setAddress(settings.listenHost())
                        .setPortValue(settings.listenPort())))
        .setPerConnectionBufferLimitBytes(connectionBufferBytes(settings))
        .addFilterChains(filterChain(settings))
        .build();
  }

  private static FilterChain filterChain(GatewaySettings settings) {
    FilterChain.Builder chain =
        FilterChain.newBuilder()
            .addFilters(
                Filter.newBuilder()
                    .setName("envoy.filters.network.http_connection_manager")
                    .setTypedConfig(pack(connectionManager(settings))));
    settings.listenTls().ifPresent(files -> chain.setTransportSocket(tls(files)));
    return chain.build();
  }

  /** TLS 1.2 and 1.3, which are Envoy's own defaults for servers. */
  private static TransportSocket tls(GatewaySettings.TlsFiles files) {
    DownstreamTlsContext context =
        DownstreamTlsContext.newBuilder()
            .setCommonTlsContext(
                CommonTlsContext.newBuilder()
                    .addTlsCertificates(
                        TlsCertificate.newBuilder()
                            .setCertificateChain(file(files.certificate()))
                            .setPrivateKey(file(files.key())))
                    .addAlpnProtocols("h2")
                    .addAlpnProtocols("http/1.1"))
            .build();
    return TransportSocket.newBuilder()
        .setName("envoy.transport_sockets.tls")
        .setTypedConfig(pack(context))
        .build();
  }

  private static DataSource file(Path path) {
    return DataSource.newBuilder().setFilename(path.toString()).build();
  }

  private static HttpConnectionManager connectionManager(GatewaySettings settings) {
    HttpConnectionManager.Builder manager = HttpConnectionManager.newBuilder();
    if (settings.accessLog()) {
      manager.addAccessLog(ExchangeLog.build());
    }
    return manager
        .setStatPrefix(NAME)
        .setUseRemoteAddress(BoolValue.of(true))
        // The only clock that ends an exchange whose ext_proc server hangs in a full-duplex phase.
        .setStreamIdleTimeout(Durations.fromMillis(settings.streamIdleTimeout().toMillis()))
        .setRequestHeadersTimeout(Durations.fromSeconds(10))
        .setHttp2ProtocolOptions(downstreamHttp2(settings))
        .setNormalizePath(BoolValue.of(true))
        .setMergeSlashes(true)
        .setPathWithEscapedSlashesAction(PathWithEscapedSlashesAction.REJECT_REQUEST)
        .addEarlyHeaderMutationExtensions(stripped())
        // The client's id goes through ext_proc, which echoes it; none is made and none leaves.
        .setGenerateRequestId(BoolValue.of(false))
        .setSkipXffAppend(true)
        .addHttpFilters(filter("flood_guard_address", LocalLimits.floodOfAddress(settings.flood())))
        .addHttpFilters(filter("flood_guard", LocalLimits.floodOfAll(settings.flood())))
        .addHttpFilters(filter("answer_guard", AnswerGuard.build()))
        .addHttpFilters(filter("envoy.filters.http.ext_proc", unlessLocal(extProc(settings))))
        .addHttpFilters(filter("tenant_steps", LocalLimits.ladder()))
        .addHttpFilters(
            filter(
                "envoy.filters.http.router",
                Router.newBuilder().setSuppressEnvoyHeaders(true).build()))
        .setScopedRoutes(tenantScopes())
        .setLocalReplyConfig(LocalReplies.build(settings.bodyBytesMax()))
        .build();
  }

  /** HTTP/1 answers 413 to a longer body. */
  private static UInt32Value connectionBufferBytes(GatewaySettings settings) {
    return UInt32Value.of(settings.bodyBytesMax());
  }

  /** HTTP/2 ignores the listener's limit; a window of the same size makes it answer 413 too. */
  private static Http2ProtocolOptions downstreamHttp2(GatewaySettings settings) {
    return Http2ProtocolOptions.newBuilder()
        .setInitialStreamWindowSize(
            UInt32Value.of(Math.max(HTTP2_WINDOW_BYTES_MIN, settings.bodyBytesMax())))
        .setMaxConcurrentStreams(UInt32Value.of(1_000))
        .build();
  }

  /** What a client may not say, removed before anything reads it. */
  private static TypedExtensionConfig stripped() {
    return TypedExtensionConfig.newBuilder()
        .setName("envoy.http.early_header_mutation.header_mutation")
        .setTypedConfig(
            pack(
                HeaderMutation.newBuilder()
                    .addMutations(removal(INTERNAL_PREFIX))
                    .addMutations(removal(ENVOY_PREFIX))
                    .build()))
        .build();
  }

  private static io.envoyproxy.envoy.config.common.mutation_rules.v3.HeaderMutation removal(
      String prefix) {
    UnknownFieldSet removeOnMatch =
        field(KEY_MATCHER_FIELD, StringMatcher.newBuilder().setPrefix(prefix).build());
    return io.envoyproxy.envoy.config.common.mutation_rules.v3.HeaderMutation.newBuilder()
        .setUnknownFields(field(REMOVE_ON_MATCH_FIELD, removeOnMatch))
        .build();
  }

  /** A field that Envoy 1.40 knows and the messages generated from Envoy 1.34 do not. */
  private static UnknownFieldSet field(int number, MessageLite content) {
    return UnknownFieldSet.newBuilder()
        .addField(
            number,
            UnknownFieldSet.Field.newBuilder().addLengthDelimited(content.toByteString()).build())
        .build();
  }

  private static ExternalProcessor extProc(GatewaySettings settings) {
    return ExternalProcessor.newBuilder()
        .setGrpcService(
            GrpcService.newBuilder()
                .setEnvoyGrpc(GrpcService.EnvoyGrpc.newBuilder().setClusterName(Clusters.EXT_PROC)))
        .setFailureModeAllow(false)
        .setMessageTimeout(Durations.fromMillis(settings.messageTimeout().toMillis()))
        .setUnknownFields(
            field(
                STATUS_ON_ERROR_FIELD,
                HttpStatus.newBuilder().setCode(StatusCode.ServiceUnavailable).build()))
        .setProcessingMode(
            ProcessingMode.newBuilder()
                .setRequestHeaderMode(HeaderSendMode.SEND)
                .setRequestBodyMode(BodySendMode.BUFFERED)
                .setResponseHeaderMode(HeaderSendMode.SEND)
                .setResponseBodyMode(BodySendMode.FULL_DUPLEX_STREAMED)
                .setResponseTrailerMode(HeaderSendMode.SEND))
        // Who answered, and at which attempt.
        .addResponseAttributes("xds.upstream_host_metadata.filter_metadata['mantle']['attempt']")
        .addResponseAttributes("upstream.request_attempt_count")
        .addResponseAttributes("response.code_details")
        // Without it, x-envoy-* headers that ext_proc sets are dropped without a word.
        .setMutationRules(HeaderMutationRules.newBuilder().setAllowEnvoy(BoolValue.of(true)))
        // What the guard compares an answer with.
        .setMetadataOptions(
            MetadataOptions.newBuilder()
                .setReceivingNamespaces(
                    MetadataOptions.MetadataNamespaces.newBuilder().addUntyped("mantle")))
        .build();
  }

  /** The ext_proc filter, skipped for replies that Envoy makes itself. */
  private static ExtensionWithMatcher unlessLocal(ExternalProcessor extProc) {
    Matcher.OnMatch skip =
        Matcher.OnMatch.newBuilder()
            .setAction(extension("skip", SkipFilter.getDefaultInstance()))
            .build();
    return ExtensionWithMatcher.newBuilder()
        .setExtensionConfig(
            TypedExtensionConfig.newBuilder()
                .setName("envoy.filters.http.ext_proc")
                .setTypedConfig(pack(extProc)))
        .setXdsMatcher(
            Matcher.newBuilder()
                .setMatcherTree(
                    Matcher.MatcherTree.newBuilder()
                        .setInput(
                            extension(
                                "response-headers",
                                HttpResponseHeaderMatchInput.newBuilder()
                                    .setHeaderName(LocalReplies.MARKER_HEADER)
                                    .build()))
                        .setExactMatchMap(
                            Matcher.MatcherTree.MatchMap.newBuilder().putMap("1", skip))))
        .build();
  }

  private static com.github.xds.core.v3.TypedExtensionConfig extension(
      String name, Message config) {
    return com.github.xds.core.v3.TypedExtensionConfig.newBuilder()
        .setName(name)
        .setTypedConfig(pack(config))
        .build();
  }

  /** One scope per tenant, chosen by the header that ext_proc sets. */
  private static ScopedRoutes tenantScopes() {
    ConfigSource ads =
        ConfigSource.newBuilder()
            .setAds(AggregatedConfigSource.getDefaultInstance())
            .setResourceApiVersion(ApiVersion.V3)
            .build();
    return ScopedRoutes.newBuilder()
        .setName("tenants")
        .setScopeKeyBuilder(
            ScopeKeyBuilder.newBuilder()
                .addFragments(
                    ScopeKeyBuilder.FragmentBuilder.newBuilder()
                        .setHeaderValueExtractor(
                            ScopeKeyBuilder.FragmentBuilder.HeaderValueExtractor.newBuilder()
                                .setName(TENANT_HEADER)
                                .setIndex(0))))
        .setRdsConfigSource(ads)
        .setScopedRds(ScopedRds.newBuilder().setScopedRdsConfigSource(ads))
        .build();
  }

  private static HttpFilter filter(String name, Message config) {
    return HttpFilter.newBuilder().setName(name).setTypedConfig(pack(config)).build();
  }

  private static Any pack(Message message) {
    return Any.pack(message);
  }
}
