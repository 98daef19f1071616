// alibabacloud-kms20160120: answers in futures, signs with HMAC-SHA1, sends no body framing.

import com.aliyun.auth.credentials.Credential;
import com.aliyun.auth.credentials.provider.StaticCredentialProvider;
import com.aliyun.sdk.gateway.pop.exception.PopClientException;
import com.aliyun.sdk.service.kms20160120.AsyncClient;
import com.aliyun.sdk.service.kms20160120.models.CreateSecretRequest;
import com.aliyun.sdk.service.kms20160120.models.DeleteSecretRequest;
import com.aliyun.sdk.service.kms20160120.models.DescribeSecretRequest;
import com.aliyun.sdk.service.kms20160120.models.GetSecretValueRequest;
import com.aliyun.sdk.service.kms20160120.models.ListSecretsRequest;
import com.aliyun.sdk.service.kms20160120.models.PutSecretValueRequest;
import com.aliyun.sdk.service.kms20160120.models.TagResourceRequest;
import com.aliyun.sdk.service.kms20160120.models.UpdateSecretRequest;
import darabonba.core.client.ClientOverrideConfiguration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

record Async(AsyncClient client) implements Secrets.Client {
  static Async connect(String secret) {
    var credential =
        Credential.builder().accessKeyId(Secrets.KEY_ID).accessKeySecret(secret).build();
    var where =
        ClientOverrideConfiguration.create()
            .setEndpointOverride(System.getenv("KMS_ENDPOINT"))
            .setProtocol("HTTP");
    return new Async(
        AsyncClient.builder()
            .region("cn-hangzhou")
            .credentialsProvider(StaticCredentialProvider.create(credential))
            .overrideConfiguration(where)
            .build());
  }

  @Override
  public Secrets.Read read(String name) throws Exception {
    var request = GetSecretValueRequest.builder().secretName(name).build();
    var answer = client.getSecretValue(request).get().getBody();
    return new Secrets.Read(
        answer.getSecretData(),
        answer.getVersionId(),
        answer.getVersionStages().getVersionStage());
  }

  @Override
  public void create(String name, String value) throws Exception {
    var request = CreateSecretRequest.builder().secretName(name).versionId("v1").secretData(value);
    client.createSecret(request.build()).get();
  }

  @Override
  public void put(String name, String version, String value) throws Exception {
    var request =
        PutSecretValueRequest.builder().secretName(name).versionId(version).secretData(value);
    client.putSecretValue(request.build()).get();
  }

  @Override
  public void update(String name, String description) throws Exception {
    var request = UpdateSecretRequest.builder().secretName(name).description(description);
    client.updateSecret(request.build()).get();
  }

  @Override
  public String describe(String name) throws Exception {
    var request = DescribeSecretRequest.builder().secretName(name).build();
    return client.describeSecret(request).get().getBody().getDescription();
  }

  @Override
  public List<String> list(String filters) throws Exception {
    var request = ListSecretsRequest.builder().pageSize(100).filters(filters).build();
    var answer = client.listSecrets(request).get().getBody();
    return answer.getSecretList().getSecret().stream()
        .map(found -> found.getSecretName())
        .toList();
  }

  @Override
  public void tag(String name, String tags) throws Exception {
    client.tagResource(TagResourceRequest.builder().secretName(name).tags(tags).build()).get();
  }

  @Override
  public Map<String, String> tags(String name) throws Exception {
    var request = DescribeSecretRequest.builder().secretName(name).fetchTags("true").build();
    return client.describeSecret(request).get().getBody().getTags().getTag().stream()
        .collect(Collectors.toMap(tag -> tag.getTagKey(), tag -> tag.getTagValue()));
  }

  @Override
  public void delete(String name) throws Exception {
    var request = DeleteSecretRequest.builder().secretName(name).forceDeleteWithoutRecovery("true");
    client.deleteSecret(request.build()).get();
  }

  @Override
  public String code(Throwable error) {
    return error instanceof PopClientException refusal ? refusal.getErrCode() : null;
  }
}
