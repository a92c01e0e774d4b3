package io.mantle.gateway;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.UUID;

/** Tenants made by plain SQL, as anyone with psql would. */
final class TestTenant {
  private static final Duration IN_FORCE_MAX = Duration.ofSeconds(5);

  private TestTenant() {}

  /** Makes a tenant with one provider for all models; returns its key once it is in force. */
  static String create(GatewayStack gateway, String id, String baseUrl) throws Exception {
    String key = insert(gateway, id, baseUrl);
    Until.holds(IN_FORCE_MAX, id + " is in force", () -> models(gateway, key) == 200);
    return key;
  }

  /** A tenant whose provider speaks as {@code kind} says. */
  static String create(GatewayStack gateway, String id, String baseUrl, String kind)
      throws Exception {
    String key = insert(gateway, id, baseUrl);
    TestDatabase.update(
        gateway.database(), "UPDATE provider SET kind = ? WHERE tenant_id = ?", kind, id);
    Until.holds(
        Duration.ofSeconds(10),
        "the tenant's provider is of kind " + kind,
        () -> modelsOfAnthropic(gateway, key).contains("gpt-test"));
    return key;
  }

  private static String modelsOfAnthropic(GatewayStack gateway, String key) throws Exception {
    try (RawClient client = RawClient.connect(gateway.port())) {
      client.write(
          RawClient.request(
              "GET", "/v1/models", key, new byte[0], "anthropic-version: 2023-06-01"));
      return client.answer().body();
    }
  }

  /** The same without waiting. */
  static String insert(GatewayStack gateway, String id, String baseUrl) throws Exception {
    UUID provider = UUID.randomUUID();
    String key = newKey(id);
    TestDatabase.update(
        gateway.database(), "INSERT INTO tenant (id, name) VALUES (?, ?)", id, "Test " + id);
    TestDatabase.update(
        gateway.database(),
        "INSERT INTO provider (id, tenant_id, name, base_url, models) VALUES (?, ?, 'p', ?, '{gpt-test}')",
        provider,
        id,
        baseUrl);
    TestDatabase.update(
        gateway.database(),
        "INSERT INTO route (tenant_id, model_pattern, provider_ids) VALUES (?, '*', ARRAY[?])",
        id,
        provider);
    insertKey(gateway, id, key);
    return key;
  }

  static void insertKey(GatewayStack gateway, String tenantId, String key) throws Exception {
    TestDatabase.update(
        gateway.database(),
        "INSERT INTO proxy_key (tenant_id, sha256) VALUES (?, ?)",
        tenantId,
        sha256(key));
  }

  static String newKey(String hint) {
    return "sk-mantle-" + hint + "-" + UUID.randomUUID();
  }

  static byte[] sha256(String key) throws java.security.NoSuchAlgorithmException {
    return MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
  }

  /** The status that {@code GET /v1/models} gets with this key. */
  static int models(GatewayStack gateway, String key) throws Exception {
    try (RawClient client = RawClient.connect(gateway.port())) {
      client.write(RawClient.request("GET", "/v1/models", key, new byte[0]));
      return client.answer().status();
    }
  }
}
