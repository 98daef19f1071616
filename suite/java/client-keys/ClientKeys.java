// Alibaba Cloud's secrets client for Java with a ClientKey: XML answers to calls signed by RSA on
// the shared gateway, protobuf on the instance's. It reads what the clients for Python have read.
// Prints `ok NAME` or `FAIL NAME reason` per check.

import com.aliyuncs.exceptions.ClientException;
import com.aliyuncs.kms.secretsmanager.client.SecretCacheClient;
import com.aliyuncs.kms.secretsmanager.client.SecretCacheClientBuilder;
import com.aliyuncs.kms.secretsmanager.client.service.DefaultSecretManagerClientBuilder;
import com.google.gson.Gson;
import com.google.gson.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;

public class ClientKeys {
  interface Check {
    void run() throws Exception;
  }

  static final Path FOLDER = Path.of(System.getenv("SUITE_FOLDER"));
  static final String REGION = "cn-hangzhou";

  static boolean failed = false;

  public static void main(String[] arguments) throws Exception {
    for (String gateway : new String[] {"shared", "instance"}) {
      SecretCacheClient kms = connect(gateway, "own");
      for (var entry : values(gateway).entrySet()) {
        String name = entry.getKey();
        check(
            "java-" + name,
            () -> {
              var read = kms.getSecretInfo(name);
              equal(read.getSecretValue(), entry.getValue());
              equal(read.getVersionId(), "v1");
            });
      }
      check(
          "java-" + gateway + "-missing-secret",
          () -> refused("Forbidden.ResourceNotFound", kms, "suite/" + gateway + "/nowhere"));
      check(
          "java-" + gateway + "-deleted-key",
          () ->
              refused(
                  "InvalidAccessKeyId.NotFound",
                  connect(gateway, "deleted"),
                  "suite/" + gateway + "/json"));
    }
    System.exit(failed ? 1 : 0);
  }

  /** It finds its settings in a file. */
  static SecretCacheClient connect(String gateway, String key) throws Exception {
    String file = FOLDER.resolve(key + ".json").toString();
    String password = FOLDER.resolve(key + "_Password.txt").toString();
    String settings =
        gateway.equals("shared")
            ? "credentials_type=client_key\n"
                + ("client_key_private_key_path=" + file + "\n")
                + ("client_key_password_from_file_path=" + password + "\n")
                + ("cache_client_region_id=[" + at("KMS_TLS_ENDPOINT") + "]\n")
            : "cache_client_dkms_config_info=[" + instance(file, password) + "]\n";
    Path path = FOLDER.resolve(gateway + "-" + key + ".properties");
    Files.writeString(path, settings);
    var client = new DefaultSecretManagerClientBuilder().withCustomConfigFile(path.toString());
    return SecretCacheClientBuilder.newCacheClientBuilder(client.build()).build();
  }

  static JsonObject at(String variable) {
    JsonObject place = new JsonObject();
    place.addProperty("regionId", REGION);
    place.addProperty("endpoint", System.getenv(variable));
    return place;
  }

  static JsonObject instance(String file, String password) {
    JsonObject place = at("KMS_INSTANCE_ENDPOINT");
    place.addProperty("clientKeyFile", file);
    place.addProperty("passwordFromFilePath", password);
    place.addProperty("ignoreSslCerts", false);
    place.addProperty("caFilePath", System.getenv("KMS_CA_FILE"));
    return place;
  }

  @SuppressWarnings("unchecked")
  static Map<String, String> values(String gateway) throws Exception {
    String text = Files.readString(FOLDER.resolve(gateway + ".json"));
    return new Gson().fromJson(text, Map.class);
  }

  static void refused(String code, SecretCacheClient kms, String name) throws Exception {
    try {
      kms.getSecretInfo(name);
    } catch (Exception error) {
      Throwable cause = error;
      while (cause != null && !(cause instanceof ClientException)) {
        cause = cause.getCause();
      }
      if (cause == null) {
        throw error;
      }
      equal(((ClientException) cause).getErrCode(), code);
      return;
    }
    throw new AssertionError("nothing was refused");
  }

  static void equal(Object found, Object expected) {
    if (!Objects.equals(found, expected)) {
      throw new AssertionError("found " + found + ", not " + expected);
    }
  }

  static void check(String name, Check check) {
    try {
      check.run();
      System.out.println("ok " + name);
    } catch (Throwable error) {
      failed = true;
      System.out.println("FAIL " + name + " " + error.toString().replaceAll("\\s+", " "));
    }
  }
}
