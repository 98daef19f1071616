// Spring Vault with the agent in the place of Vault: ResponseType 2, mount `secret` of KV 2 and
// mount `legacy` of KV 1. Only the endpoint and the token are ours. Prints `ok NAME` or
// `FAIL NAME reason` per check.

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.vault.VaultException;
import org.springframework.vault.annotation.VaultPropertySource;
import org.springframework.vault.authentication.ClientAuthentication;
import org.springframework.vault.authentication.TokenAuthentication;
import org.springframework.vault.client.VaultEndpoint;
import org.springframework.vault.config.AbstractVaultConfiguration;
import org.springframework.vault.core.VaultKeyValueOperationsSupport.KeyValueBackend;
import org.springframework.vault.core.VaultTemplate;
import org.springframework.vault.support.Versioned;

public class SpringVault {
  interface Check {
    void run() throws Exception;
  }

  static boolean failed = false;

  public static void main(String[] arguments) throws Exception {
    VaultTemplate vault = template(token());

    check(
        "spring-read-kv2-path",
        () -> {
          Map<String, Object> data = vault.read("secret/data/agent-test").getRequiredData();
          equal(data.get("data"), Map.of("k3", "v3"));
        });
    check(
        "spring-read-kv1-path",
        () -> equal(vault.read("legacy/agent-test").getRequiredData(), Map.of("k3", "v3")));
    check(
        "spring-read-plain-path",
        () -> equal(vault.read("agent-test").getRequiredData(), Map.of("k3", "v3")));
    check(
        "spring-kv1-operations",
        () ->
            equal(
                vault
                    .opsForKeyValue("legacy", KeyValueBackend.KV_1)
                    .get("agent-test")
                    .getRequiredData(),
                Map.of("k3", "v3")));
    check(
        "spring-kv2-operations",
        () ->
            equal(
                vault
                    .opsForKeyValue("secret", KeyValueBackend.KV_2)
                    .get("agent-test")
                    .getRequiredData(),
                Map.of("k3", "v3")));
    check(
        "spring-kv2-other-scripts",
        () ->
            equal(
                vault
                    .opsForKeyValue("secret", KeyValueBackend.KV_2)
                    .get("suite/deep/json")
                    .getRequiredData()
                    .get("name"),
                "秘密"));
    check(
        "spring-kv2-large-integer",
        () ->
            equal(
                vault
                    .opsForKeyValue("secret", KeyValueBackend.KV_2)
                    .get("suite/deep/json")
                    .getRequiredData()
                    .get("id")
                    .toString(),
                "12345678901234567890"));
    check(
        "spring-kv2-versioned",
        () -> {
          Versioned<Map<String, Object>> found =
              vault.opsForVersionedKeyValue("secret").get("agent-test", Versioned.Version.from(2));
          equal(found.getRequiredData(), Map.of("k3", "v3"));
          equal(found.getVersion(), Versioned.Version.from(2));
          equal(found.getRequiredMetadata().getCreatedAt() != null, true);
        });
    check("spring-miss-read", () -> equal(vault.read("secret/data/nowhere"), null));
    check(
        "spring-miss-kv1",
        () -> equal(vault.opsForKeyValue("legacy", KeyValueBackend.KV_1).get("nowhere"), null));
    check(
        "spring-miss-kv2",
        () -> equal(vault.opsForKeyValue("secret", KeyValueBackend.KV_2).get("nowhere"), null));
    check(
        "spring-health",
        () -> {
          equal(vault.opsForSys().health().isInitialized(), true);
          equal(vault.opsForSys().health().isSealed(), false);
        });
    check(
        "spring-property-source-kv2",
        () -> {
          try (var context = new AnnotationConfigApplicationContext(ReadsKv2.class)) {
            equal(context.getEnvironment().getProperty("k3"), "v3");
          }
        });
    check(
        "spring-property-source-kv1",
        () -> {
          try (var context = new AnnotationConfigApplicationContext(ReadsKv1.class)) {
            equal(context.getEnvironment().getProperty("db.k3"), "v3");
          }
        });
    check(
        "spring-property-source-miss",
        () -> {
          try (var context = new AnnotationConfigApplicationContext(ReadsNothing.class)) {
            equal(context.getEnvironment().getProperty("k3"), null);
          }
        });

    VaultTemplate stranger = template("not-the-token");
    check("spring-wrong-token-read", () -> refused(() -> stranger.read("secret/data/agent-test")));
    check(
        "spring-wrong-token-kv1",
        () ->
            refused(
                () -> stranger.opsForKeyValue("legacy", KeyValueBackend.KV_1).get("agent-test")));
    check(
        "spring-wrong-token-kv2",
        () ->
            refused(
                () -> stranger.opsForKeyValue("secret", KeyValueBackend.KV_2).get("agent-test")));
    check(
        "spring-without-token",
        () -> refused(() -> new VaultTemplate(endpoint()).read("secret/data/agent-test")));

    System.exit(failed ? 1 : 0);
  }

  static class Vault extends AbstractVaultConfiguration {
    @Override
    public VaultEndpoint vaultEndpoint() {
      return endpoint();
    }

    @Override
    public ClientAuthentication clientAuthentication() {
      return new TokenAuthentication(token());
    }
  }

  @Configuration
  @VaultPropertySource("secret/agent-test")
  static class ReadsKv2 extends Vault {}

  @Configuration
  @VaultPropertySource(value = "legacy/agent-test", propertyNamePrefix = "db.")
  static class ReadsKv1 extends Vault {}

  @Configuration
  @VaultPropertySource("secret/nowhere")
  static class ReadsNothing extends Vault {}

  static VaultTemplate template(String token) {
    return new VaultTemplate(endpoint(), new TokenAuthentication(token));
  }

  static VaultEndpoint endpoint() {
    return VaultEndpoint.from(URI.create(System.getenv("KMS_AGENT")));
  }

  static String token() {
    try {
      return Files.readString(Path.of(URI.create(System.getenv("KMS_TOKEN"))));
    } catch (java.io.IOException unread) {
      throw new java.io.UncheckedIOException(unread);
    }
  }

  static void check(String name, Check check) {
    try {
      check.run();
      System.out.println("ok " + name);
    } catch (Exception | AssertionError error) {
      failed = true;
      System.out.println("FAIL " + name + " " + error.toString().replaceAll("\\s+", " "));
    }
  }

  static void equal(Object found, Object expected) {
    if (!Objects.equals(found, expected)) {
      throw new AssertionError("found " + found + ", not " + expected);
    }
  }

  static void refused(Check call) throws Exception {
    try {
      call.run();
    } catch (VaultException refusal) {
      if (refusal.getMessage().contains("403")) {
        return;
      }
      throw refusal;
    }
    throw new AssertionError("it was answered");
  }
}
