// Alibaba Cloud's SDKs for Java against kms-server: aliyun-java-sdk-kms (V1; JSON and XML; POST
// without any body framing) and kms20160120 (V3; an empty body in chunks). Prints `ok NAME` or
// `FAIL NAME reason` per check.

import com.aliyun.kms20160120.models.CreateSecretRequest;
import com.aliyun.kms20160120.models.GetSecretValueRequest;
import com.aliyun.tea.TeaException;
import com.aliyun.teaopenapi.models.Config;
import com.aliyuncs.AcsRequest;
import com.aliyuncs.AcsResponse;
import com.aliyuncs.DefaultAcsClient;
import com.aliyuncs.exceptions.ClientException;
import com.aliyuncs.http.FormatType;
import com.aliyuncs.http.ProtocolType;
import com.aliyuncs.profile.DefaultProfile;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

public class JavaSdk {
  interface Check {
    void run() throws Exception;
  }

  static final String ENDPOINT = System.getenv("KMS_ENDPOINT");
  static final String KEY_ID = System.getenv("ALIBABA_CLOUD_ACCESS_KEY_ID");
  static final String KEY_SECRET = System.getenv("ALIBABA_CLOUD_ACCESS_KEY_SECRET");

  // What something on the way could spoil.
  static final Map<String, String> VALUES = new LinkedHashMap<>();

  static {
    VALUES.put("json", "{\"k3\":\"v3\"}");
    VALUES.put("other-scripts", "秘密 – ключ – clé – \uD83D\uDD11");
    VALUES.put("quotes", "{\"a\": \"\\\"double\\\" 'single' \\\\ back\"}");
    VALUES.put("markup", "<a href=\"x\">&amp; &lt; %2B + 100 % ~ * </a>]]>");
    VALUES.put("integers", "{\"id\":12345678901234567890,\"low\":-9223372036854775808}");
    VALUES.put("lines", "first\nsecond\n\tthird");
  }

  static boolean failed = false;

  public static void main(String[] arguments) throws Exception {
    DefaultAcsClient v1 = v1(KEY_SECRET);
    for (FormatType format : List.of(FormatType.JSON, FormatType.XML)) {
      String form = format.name().toLowerCase();
      VALUES.forEach(
          (kind, value) ->
              check(
                  "java-v1-" + form + "-create-and-read-" + kind,
                  () -> {
                    String name = "suite/java/v1/" + form + "/" + kind;
                    var create = new com.aliyuncs.kms.model.v20160120.CreateSecretRequest();
                    create.setSecretName(name);
                    create.setVersionId("one");
                    create.setSecretData(value);
                    equal(send(v1, create, format).getSecretName(), name);
                    var read = send(v1, get(name), format);
                    equal(read.getSecretData(), value);
                    equal(read.getVersionId(), "one");
                    equal(read.getVersionStages(), List.of("ACSCurrent"));
                  }));
      check(
          "java-v1-" + form + "-missing-secret",
          () ->
              refused(
                  "Forbidden.ResourceNotFound", () -> send(v1, get("suite/nowhere"), format)));
      check(
          "java-v1-" + form + "-wrong-secret-of-the-accesskey",
          () ->
              refused(
                  "SDK.InvalidAccessKeySecret",
                  () -> send(v1("not" + KEY_SECRET), get("suite/nowhere"), format)));
    }

    var v3 = v3(KEY_SECRET);
    VALUES.forEach(
        (kind, value) ->
            check(
                "java-v3-create-and-read-" + kind,
                () -> {
                  String name = "suite/java/v3/" + kind;
                  v3.createSecret(
                      new CreateSecretRequest()
                          .setSecretName(name)
                          .setVersionId("one")
                          .setSecretData(value));
                  var read = v3.getSecretValue(new GetSecretValueRequest().setSecretName(name));
                  equal(read.getBody().getSecretData(), value);
                  equal(
                      read.getBody().getVersionStages().getVersionStage(), List.of("ACSCurrent"));
                }));
    check("java-v3-missing-secret", () -> refusedV3("Forbidden.ResourceNotFound", v3));
    check(
        "java-v3-wrong-secret-of-the-accesskey",
        () -> refusedV3("SignatureDoesNotMatch", v3("not" + KEY_SECRET)));

    System.exit(failed ? 1 : 0);
  }

  static DefaultAcsClient v1(String secret) {
    return new DefaultAcsClient(DefaultProfile.getProfile("cn-hangzhou", KEY_ID, secret));
  }

  static com.aliyuncs.kms.model.v20160120.GetSecretValueRequest get(String name) {
    var request = new com.aliyuncs.kms.model.v20160120.GetSecretValueRequest();
    request.setSecretName(name);
    return request;
  }

  static <T extends AcsResponse> T send(
      DefaultAcsClient client, AcsRequest<T> request, FormatType format) throws ClientException {
    request.setSysEndpoint(ENDPOINT);
    request.setSysProtocol(ProtocolType.HTTP);
    request.setAcceptFormat(format);
    return client.getAcsResponse(request);
  }

  static com.aliyun.kms20160120.Client v3(String secret) throws Exception {
    return new com.aliyun.kms20160120.Client(
        new Config()
            .setAccessKeyId(KEY_ID)
            .setAccessKeySecret(secret)
            .setEndpoint(ENDPOINT)
            .setProtocol("http"));
  }

  static void refused(String code, Check call) throws Exception {
    try {
      call.run();
    } catch (ClientException refusal) {
      equal(refusal.getErrCode(), code);
      return;
    }
    throw new AssertionError("it was answered");
  }

  static void refusedV3(String code, com.aliyun.kms20160120.Client client) throws Exception {
    try {
      client.getSecretValue(new GetSecretValueRequest().setSecretName("suite/nowhere"));
    } catch (TeaException refusal) {
      equal(refusal.getCode(), code);
      return;
    }
    throw new AssertionError("it was answered");
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
}
