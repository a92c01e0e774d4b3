package io.mantle.extproc.record;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.mantle.extproc.value.Call;
import io.mantle.extproc.value.SentRequest;
import io.mantle.proto.record.v1.ExchangeRecordServiceGrpc.ExchangeRecordServiceImplBase;
import io.mantle.proto.record.v1.RecordedExchange;
import io.mantle.proto.record.v1.StoreExchangesRequest;
import io.mantle.proto.record.v1.StoreExchangesResponse;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ExchangeRecorderTest {
  private final BlockingQueue<StoreExchangesRequest> batches = new LinkedBlockingQueue<>();
  private volatile Function<StoreExchangesRequest, Status> status = _ -> Status.OK;
  private Server server;
  private ManagedChannel channel;

  @BeforeEach
  void start() throws Exception {
    server =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .addService(
                new ExchangeRecordServiceImplBase() {
                  @Override
                  public void storeExchanges(
                      StoreExchangesRequest batch,
                      StreamObserver<StoreExchangesResponse> response) {
                    batches.add(batch);
                    Status answer = status.apply(batch);
                    if (answer.isOk()) {
                      response.onNext(StoreExchangesResponse.getDefaultInstance());
                      response.onCompleted();
                    } else {
                      response.onError(answer.asRuntimeException());
                    }
                  }
                })
            .build()
            .start();
    channel =
        NettyChannelBuilder.forAddress(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getPort()))
            .usePlaintext()
            .build();
  }

  @AfterEach
  void stop() {
    channel.shutdownNow();
    server.shutdownNow();
  }

  @Test
  void request_allThereIsToTell_arrives() throws Exception {
    try (ExchangeRecorder recorder = new ExchangeRecorder(channel)) {
      recorder.accept(request("r-0", ""));
      recorder.accept(request("r-1", "{\"a\":1}"));
      assertThat(next().getExchangesList())
          .containsExactly(
              RecordedExchange.newBuilder()
                  .setTenantId("acme")
                  .setRequestId("r-1")
                  .setStartedAtEpochMillis(1_000)
                  .setProvider("demo")
                  .setModel("m-1?")
                  .setEndpoint("/v1/chat/completions")
                  .setBody(ExchangeRecorder.kept("{\"a\":1}".getBytes(StandardCharsets.UTF_8)))
                  .setBodyBytes(7)
                  .build());
      assertThat(recorder.dropped()).isZero();
    }
  }

  @Test
  void batch_notAcknowledged_isSentAgain_andOneRefusedForGoodIsDropped() throws Exception {
    AtomicInteger asked = new AtomicInteger();
    status =
        batch ->
            batch.getExchanges(0).getRequestId().equals("bad")
                ? Status.INVALID_ARGUMENT
                : asked.incrementAndGet() < 3 ? Status.UNAVAILABLE : Status.OK;
    ExchangeRecorder recorder = new ExchangeRecorder(channel);
    recorder.accept(request("r-1", "{}"));
    for (int i = 0; i < 3; i++) {
      assertThat(next().getExchanges(0).getRequestId()).isEqualTo("r-1");
    }
    assertThat(recorder.dropped()).isZero();
    recorder.accept(request("bad", "{}"));
    recorder.close(); // once what was sent is settled
    assertThat(recorder.dropped()).isEqualTo(1);
  }

  @Test
  void body_tooLong_isCutBetweenCharacters() throws Exception {
    byte[] body = new byte[ExchangeRecorder.BODY_BYTES_MAX + 1];
    Arrays.fill(body, (byte) 'a');
    byte[] euro = "\u20ac".getBytes(StandardCharsets.UTF_8);
    System.arraycopy(euro, 0, body, body.length - euro.length, euro.length);
    try (ExchangeRecorder recorder = new ExchangeRecorder(channel)) {
      recorder.accept(request("r-1", new String(body, StandardCharsets.UTF_8)));
      RecordedExchange sent = next().getExchanges(0);
      assertThat(sent.getBodyBytes()).isEqualTo(body.length);
      assertThat(sent.getBody().toStringUtf8()).isEqualTo("a".repeat(body.length - 3));
    }
  }

  private static SentRequest request(String id, String body) {
    return new SentRequest(
        "acme",
        id,
        Instant.ofEpochMilli(1_000),
        new Call.Asked("prov-1", "demo", "http://demo:80", "m-1\0", true, 1),
        "/v1/chat/completions",
        body.getBytes(StandardCharsets.UTF_8));
  }

  private StoreExchangesRequest next() throws InterruptedException {
    StoreExchangesRequest batch = batches.poll(10, TimeUnit.SECONDS);
    assertThat(batch).as("a batch").isNotNull();
    return batch;
  }
}
