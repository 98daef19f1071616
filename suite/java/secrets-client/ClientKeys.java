// Alibaba Cloud's secrets client for Java with a ClientKey: calls signed by RSA on the shared
// gateway, the instance's protocol on the other. It reads what the clients for Python have read.

import com.google.gson.JsonObject;
import java.nio.file.Path;

public class ClientKeys {
  static final Path FOLDER = Path.of(System.getenv("SUITE_FOLDER"));

  public static void main(String[] arguments) throws Exception {
    for (String gateway : new String[] {"shared", "instance"}) {
      Cached kms = connect(gateway, "own");
      for (var entry : Secrets.values(FOLDER.resolve(gateway + ".json")).entrySet()) {
        Checks.check(
            "java-" + entry.getKey(),
            () ->
                Checks.equal(
                    kms.read(entry.getKey()), new Secrets.Read(entry.getValue(), "v1", null)));
      }
      String prefix = "suite/" + gateway;
      Checks.check(
          "java-" + gateway + "-missing-secret",
          () -> Secrets.refused(kms, "Forbidden.ResourceNotFound", prefix + "/nowhere"));
      Checks.check(
          "java-" + gateway + "-deleted-key",
          () ->
              Secrets.refused(
                  connect(gateway, "deleted"), "InvalidAccessKeyId.NotFound", prefix + "/json"));
    }
    Checks.finish();
  }

  static Cached connect(String gateway, String key) throws Exception {
    String file = FOLDER.resolve(key + ".json").toString();
    String password = FOLDER.resolve(key + "_Password.txt").toString();
    String settings =
        gateway.equals("shared")
            ? "credentials_type=client_key\n"
                + ("client_key_private_key_path=" + file + "\n")
                + ("client_key_password_from_file_path=" + password + "\n")
                + ("cache_client_region_id=[" + Cached.at("KMS_TLS_ENDPOINT") + "]\n")
            : "cache_client_dkms_config_info=[" + instance(file, password) + "]\n";
    return Cached.configured(FOLDER.resolve(gateway + "-" + key + ".properties"), settings);
  }

  static JsonObject instance(String file, String password) {
    JsonObject place = Cached.at("KMS_INSTANCE_ENDPOINT");
    place.addProperty("clientKeyFile", file);
    place.addProperty("passwordFromFilePath", password);
    place.addProperty("ignoreSslCerts", false);
    place.addProperty("caFilePath", System.getenv("KMS_CA_FILE"));
    return place;
  }
}
