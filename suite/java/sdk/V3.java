// kms20160120: signs with ACS3-HMAC-SHA256, and sends an empty body in chunks.

import com.aliyun.kms20160120.Client;
import com.aliyun.kms20160120.models.CreateSecretRequest;
import com.aliyun.kms20160120.models.DeleteSecretRequest;
import com.aliyun.kms20160120.models.DescribeSecretRequest;
import com.aliyun.kms20160120.models.GetSecretValueRequest;
import com.aliyun.kms20160120.models.ListSecretsRequest;
import com.aliyun.kms20160120.models.PutSecretValueRequest;
import com.aliyun.kms20160120.models.TagResourceRequest;
import com.aliyun.kms20160120.models.UpdateSecretRequest;
import com.aliyun.tea.TeaException;
import com.aliyun.teaopenapi.models.Config;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

record V3(Client client) implements Secrets.Client {
  static V3 connect(String secret) {
    try {
      return new V3(
          new Client(
              new Config()
                  .setAccessKeyId(Secrets.KEY_ID)
                  .setAccessKeySecret(secret)
                  .setEndpoint(System.getenv("KMS_ENDPOINT"))
                  .setProtocol("http")));
    } catch (Exception error) {
      throw new IllegalStateException(error);
    }
  }

  @Override
  public Secrets.Read read(String name) throws Exception {
    var answer = client.getSecretValue(new GetSecretValueRequest().setSecretName(name)).getBody();
    return new Secrets.Read(
        answer.getSecretData(),
        answer.getVersionId(),
        answer.getVersionStages().getVersionStage());
  }

  @Override
  public void create(String name, String value) throws Exception {
    client.createSecret(
        new CreateSecretRequest().setSecretName(name).setVersionId("v1").setSecretData(value));
  }

  @Override
  public void put(String name, String version, String value) throws Exception {
    client.putSecretValue(
        new PutSecretValueRequest()
            .setSecretName(name)
            .setVersionId(version)
            .setSecretData(value));
  }

  @Override
  public void update(String name, String description) throws Exception {
    client.updateSecret(
        new UpdateSecretRequest().setSecretName(name).setDescription(description));
  }

  @Override
  public String describe(String name) throws Exception {
    return client
        .describeSecret(new DescribeSecretRequest().setSecretName(name))
        .getBody()
        .getDescription();
  }

  @Override
  public List<String> list(String filters) throws Exception {
    var answer =
        client.listSecrets(new ListSecretsRequest().setPageSize(100).setFilters(filters)).getBody();
    return answer.getSecretList().getSecret().stream()
        .map(found -> found.getSecretName())
        .toList();
  }

  @Override
  public void tag(String name, String tags) throws Exception {
    client.tagResource(new TagResourceRequest().setSecretName(name).setTags(tags));
  }

  @Override
  public Map<String, String> tags(String name) throws Exception {
    var request = new DescribeSecretRequest().setSecretName(name).setFetchTags("true");
    return client.describeSecret(request).getBody().getTags().getTag().stream()
        .collect(Collectors.toMap(tag -> tag.getTagKey(), tag -> tag.getTagValue()));
  }

  @Override
  public void delete(String name) throws Exception {
    client.deleteSecret(
        new DeleteSecretRequest().setSecretName(name).setForceDeleteWithoutRecovery("true"));
  }

  @Override
  public String code(Throwable error) {
    return error instanceof TeaException refusal ? refusal.getCode() : null;
  }
}
