// Alibaba Cloud's SDKs for Java against kms-server.

import com.aliyuncs.http.FormatType;
import java.nio.file.Path;

public class JavaSdk {
  public static void main(String[] arguments) throws Exception {
    Secrets.use("java-v3", "SignatureDoesNotMatch", V3::connect);
    Secrets.use("java-async", "SignatureDoesNotMatch", Async::connect);
    // It compares the string in the message with its own, and says what that means.
    for (FormatType format : new FormatType[] {FormatType.JSON, FormatType.XML}) {
      Secrets.use(
          "java-v1-" + format.name().toLowerCase(),
          "SDK.InvalidAccessKeySecret",
          secret -> new V1(secret, format));
      Keys.use(
          "java-v1-" + format.name().toLowerCase(),
          new KeysV1(new V1(Secrets.KEY_SECRET, format)));
    }
    Keys.use("java-v3", new KeysV3(V3.connect(Secrets.KEY_SECRET).client()));
    Keys.use("java-async", new KeysAsync(Async.connect(Secrets.KEY_SECRET).client()));
    // For the secrets client.
    Checks.check(
        "java-create",
        () -> {
          var kms = V3.connect(Secrets.KEY_SECRET);
          for (var value : Secrets.values(Path.of(System.getenv("SUITE_VALUES"))).entrySet()) {
            kms.create("suite/java-read/" + value.getKey(), value.getValue());
          }
        });
    Checks.finish();
  }
}
