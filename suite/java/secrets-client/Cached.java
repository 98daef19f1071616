// The secrets client with a cache: XML answers on the shared gateway, protobuf on the instance's.

import com.aliyuncs.exceptions.ClientException;
import com.aliyuncs.kms.secretsmanager.client.SecretCacheClient;
import com.aliyuncs.kms.secretsmanager.client.SecretCacheClientBuilder;
import com.aliyuncs.kms.secretsmanager.client.service.DefaultSecretManagerClientBuilder;
import com.google.gson.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;

record Cached(SecretCacheClient client) implements Secrets.Reader {
  /** It finds its settings in this file, which is made. */
  static Cached configured(Path file, String settings) throws Exception {
    Files.writeString(file, settings);
    var client = new DefaultSecretManagerClientBuilder().withCustomConfigFile(file.toString());
    return new Cached(SecretCacheClientBuilder.newCacheClientBuilder(client.build()).build());
  }

  /** The gateway whose address this variable holds. */
  static JsonObject at(String variable) {
    JsonObject place = new JsonObject();
    place.addProperty("regionId", "cn-hangzhou");
    place.addProperty("endpoint", System.getenv(variable));
    return place;
  }

  @Override
  public Secrets.Read read(String name) throws Exception {
    var info = client.getSecretInfo(name);
    return new Secrets.Read(info.getSecretValue(), info.getVersionId(), null);
  }

  @Override
  public String code(Throwable error) {
    return error instanceof ClientException refusal ? refusal.getErrCode() : null;
  }
}
