// aliyun-java-sdk-kms: signs with HMAC-SHA1, sends no body framing, asks for JSON or XML.

import com.aliyuncs.AcsRequest;
import com.aliyuncs.AcsResponse;
import com.aliyuncs.DefaultAcsClient;
import com.aliyuncs.exceptions.ClientException;
import com.aliyuncs.http.FormatType;
import com.aliyuncs.http.ProtocolType;
import com.aliyuncs.kms.model.v20160120.CreateSecretRequest;
import com.aliyuncs.kms.model.v20160120.DeleteSecretRequest;
import com.aliyuncs.kms.model.v20160120.DescribeSecretRequest;
import com.aliyuncs.kms.model.v20160120.GetSecretValueRequest;
import com.aliyuncs.kms.model.v20160120.ListSecretsRequest;
import com.aliyuncs.kms.model.v20160120.PutSecretValueRequest;
import com.aliyuncs.kms.model.v20160120.TagResourceRequest;
import com.aliyuncs.kms.model.v20160120.UpdateSecretRequest;
import com.aliyuncs.profile.DefaultProfile;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

record V1(DefaultAcsClient client, FormatType format) implements Secrets.Client {
  V1(String secret, FormatType format) {
    this(
        new DefaultAcsClient(DefaultProfile.getProfile("cn-hangzhou", Secrets.KEY_ID, secret)),
        format);
  }

  <T extends AcsResponse> T send(AcsRequest<T> request) throws ClientException {
    request.setSysEndpoint(System.getenv("KMS_ENDPOINT"));
    request.setSysProtocol(ProtocolType.HTTP);
    request.setAcceptFormat(format);
    return client.getAcsResponse(request);
  }

  @Override
  public Secrets.Read read(String name) throws ClientException {
    var request = new GetSecretValueRequest();
    request.setSecretName(name);
    var answer = send(request);
    return new Secrets.Read(
        answer.getSecretData(), answer.getVersionId(), answer.getVersionStages());
  }

  @Override
  public void create(String name, String value) throws ClientException {
    var request = new CreateSecretRequest();
    request.setSecretName(name);
    request.setVersionId("v1");
    request.setSecretData(value);
    Checks.equal(send(request).getSecretName(), name);
  }

  @Override
  public void put(String name, String version, String value) throws ClientException {
    var request = new PutSecretValueRequest();
    request.setSecretName(name);
    request.setVersionId(version);
    request.setSecretData(value);
    send(request);
  }

  @Override
  public void update(String name, String description) throws ClientException {
    var request = new UpdateSecretRequest();
    request.setSecretName(name);
    request.setDescription(description);
    send(request);
  }

  @Override
  public String describe(String name) throws ClientException {
    var request = new DescribeSecretRequest();
    request.setSecretName(name);
    return send(request).getDescription();
  }

  @Override
  public List<String> list(String filters) throws ClientException {
    var request = new ListSecretsRequest();
    request.setPageSize(100);
    request.setFilters(filters);
    return send(request).getSecretList().stream().map(found -> found.getSecretName()).toList();
  }

  @Override
  public void tag(String name, String tags) throws ClientException {
    var request = new TagResourceRequest();
    request.setSecretName(name);
    request.setTags(tags);
    send(request);
  }

  @Override
  public Map<String, String> tags(String name) throws ClientException {
    var request = new DescribeSecretRequest();
    request.setSecretName(name);
    request.setFetchTags("true");
    return send(request).getTags().stream()
        .collect(Collectors.toMap(tag -> tag.getTagKey(), tag -> tag.getTagValue()));
  }

  @Override
  public void delete(String name) throws ClientException {
    var request = new DeleteSecretRequest();
    request.setSecretName(name);
    request.setForceDeleteWithoutRecovery("true");
    send(request);
  }

  @Override
  public String code(Throwable error) {
    return error instanceof ClientException refusal ? refusal.getErrCode() : null;
  }
}
