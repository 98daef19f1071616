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
    }
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
