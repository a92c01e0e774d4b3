package io.mantle.extproc.stream;

import io.envoyproxy.envoy.service.ext_proc.v3.ExternalProcessorGrpc;
import io.grpc.BindableService;
import io.grpc.Metadata;
import io.grpc.ServerServiceDefinition;
import io.mantle.extproc.limit.Limiter;
import io.mantle.extproc.request.RequestPipeline;
import io.mantle.extproc.tokens.Tokenizers;
import io.mantle.extproc.usage.UsageBooks;

/**
 * Envoy's {@code ExternalProcessor} service: an {@link Exchange} for each HTTP exchange.
 *
 * <p>A raw call handler instead of the generated stub's: Envoy resets the stream of each exchange
 * that is done, and the stub would make an exception with its stack trace of every one.
 */
public final class ExternalProcessor implements BindableService {
  private final RequestPipeline requests;
  private final HeavyWork heavyWork;
  private final BytesInFlight bytesInFlight;
  private final Limiter limiter;
  private final Tokenizers tokenizers;
  private final UsageBooks books;
  private final Observer observer;

  public ExternalProcessor(
      RequestPipeline requests,
      HeavyWork heavyWork,
      BytesInFlight bytesInFlight,
      Limiter limiter,
      Tokenizers tokenizers,
      UsageBooks books,
      Observer observer) {
    this.requests = requests;
    this.heavyWork = heavyWork;
    this.bytesInFlight = bytesInFlight;
    this.limiter = limiter;
    this.tokenizers = tokenizers;
    this.books = books;
    this.observer = observer;
  }

  @Override
  public ServerServiceDefinition bindService() {
    return ServerServiceDefinition.builder(ExternalProcessorGrpc.getServiceDescriptor())
        .addMethod(
            ExternalProcessorGrpc.getProcessMethod(),
            (call, headers) -> {
              call.sendHeaders(new Metadata());
              return new Exchange(
                  call,
                  requests,
                  heavyWork,
                  bytesInFlight,
                  new Allowance(limiter, tokenizers),
                  books,
                  observer);
            })
        .build();
  }
}
