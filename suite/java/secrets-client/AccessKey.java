// Alibaba Cloud's secrets client for Java with an AccessKey. It reads what JavaSdk has made.

import java.nio.file.Files;
import java.nio.file.Path;

public class AccessKey {
  public static void main(String[] arguments) throws Exception {
    Path folder = Files.createTempDirectory("suite");
    folder.toFile().deleteOnExit();
    Cached kms = connect(folder, Secrets.KEY_SECRET);
    for (var value : Secrets.values(Path.of(System.getenv("SUITE_VALUES"))).entrySet()) {
      Checks.check(
          "java-cache-reads-" + value.getKey(),
          () ->
              Checks.equal(
                  kms.read("suite/java-read/" + value.getKey()),
                  new Secrets.Read(value.getValue(), "v1", null)));
    }
    Secrets.errors(
        "java-cache", "SDK.InvalidAccessKeySecret", secret -> connect(folder, secret));
    Checks.finish();
  }

  static Cached connect(Path folder, String secret) {
    String settings =
        "credentials_type=ak\n"
            + ("credentials_access_key_id=" + Secrets.KEY_ID + "\n")
            + ("credentials_access_secret=" + secret + "\n")
            + ("cache_client_region_id=[" + Cached.at("KMS_TLS_ENDPOINT") + "]\n");
    Path file = folder.resolve("ak.properties");
    try {
      Cached client = Cached.configured(file, settings);
      Files.delete(file);
      return client;
    } catch (Exception error) {
      throw new IllegalStateException(error);
    }
  }
}
