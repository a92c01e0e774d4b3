package io.mantle.controlplane.probe;

import io.mantle.controlplane.database.Secret;
import io.mantle.controlplane.probe.OutsideCall.FailedException;
import io.mantle.controlplane.snapshot.InvalidTenantException;
import io.mantle.controlplane.snapshot.ProviderEndpoint;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Pattern;

/** Asks a provider for its list of models, as it is called for a request. */
record ModelsCall(String kind, String baseUrl, boolean privateAllowed, Optional<Secret> credential)
    implements OutsideCall.Exchange {
  private static final Pattern HEADER_VALUE = Pattern.compile("[\\x21-\\x7e]([\\x20-\\x7e]*)");

  @Override
  public ProviderEndpoint endpoint() throws InvalidTenantException {
    ProviderEndpoint endpoint = ProviderEndpoint.parse(baseUrl);
    return privateAllowed ? endpoint.allowingPrivate() : endpoint;
  }

  @Override
  public byte[] request(ProviderEndpoint endpoint) throws FailedException {
    StringBuilder request =
        new StringBuilder("GET ")
            .append(endpoint.basePath())
            .append("/models HTTP/1.1\r\nhost: ")
            .append(endpoint.authority())
            .append("\r\naccept: application/json\r\nuser-agent: mantle\r\nconnection: close\r\n");
    boolean anthropic = kind.equals("anthropic");
    if (anthropic) {
      request.append("anthropic-version: 2023-06-01\r\n");
    }
    if (credential.isPresent()) {
      String value = new String(credential.get().reveal(), StandardCharsets.UTF_8);
      if (!HEADER_VALUE.matcher(value).matches()) {
        throw new FailedException("credential: it does not fit into a header");
      }
      request.append(anthropic ? "x-api-key: " : "authorization: Bearer ").append(value);
      request.append("\r\n");
    }
    return request.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII);
  }

  @Override
  public void judge(int status) throws FailedException {
    if (status == 200) {
      return;
    }
    throw new FailedException(
        status
            + switch (status / 100) {
              case 3 -> ": it redirects, which is not followed";
              case 5 -> ": the provider has a failure of its own";
              default ->
                  switch (status) {
                    case 401 -> ": the credential is not accepted";
                    case 403 -> ": the credential may not list models";
                    case 404 -> ": there is no list of models at base_url";
                    case 429 -> ": the provider limits the rate of requests";
                    default -> ": not the answer of a list of models";
                  };
            });
  }
}
