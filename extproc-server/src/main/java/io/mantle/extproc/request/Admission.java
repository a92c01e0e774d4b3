package io.mantle.extproc.request;

import io.mantle.extproc.dialect.Endpoint;
import io.mantle.extproc.tenant.TenantPolicy;
import io.mantle.extproc.value.Caller;
import io.mantle.extproc.value.Header;
import io.mantle.extproc.value.Reply;
import io.mantle.extproc.value.Trail;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What became of a request's head. */
public sealed interface Admission {

  /** Answered on the spot. */
  record Answered(Reply reply) implements Admission {}

  /**
   * It has no body, and may leave.
   *
   * @param admitted for the books
   * @param provider who has what it asks for
   * @param id of what it asks for
   */
  record WithoutBody(Admitted admitted, TenantPolicy.Provider provider, String id)
      implements Admission {}

  /**
   * Its body may come.
   *
   * @param tenant the policy it was admitted with, and keeps
   * @param headers of the client's own, those that may leave
   * @param conversation as the client named it, or null
   * @param rehydrate whether the client wants real values back
   * @param trail where the stages say how long they took
   */
  record Admitted(
      Endpoint endpoint,
      TenantPolicy tenant,
      Caller caller,
      String requestId,
      List<Header> headers,
      @Nullable String conversation,
      boolean rehydrate,
      Trail trail)
      implements Admission {

    /** Whether work on its body may wait for seconds, whatever the body's size. */
    public boolean mayBlock() {
      return tenant.privacy().examination().detector().mayBlock();
    }
  }
}
