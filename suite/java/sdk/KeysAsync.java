// Keys with alibabacloud-kms20160120.

import com.aliyun.sdk.gateway.pop.exception.PopClientException;
import com.aliyun.sdk.service.kms20160120.AsyncClient;
import com.aliyun.sdk.service.kms20160120.models.AsymmetricSignRequest;
import com.aliyun.sdk.service.kms20160120.models.AsymmetricVerifyRequest;
import com.aliyun.sdk.service.kms20160120.models.CreateAliasRequest;
import com.aliyun.sdk.service.kms20160120.models.CreateKeyRequest;
import com.aliyun.sdk.service.kms20160120.models.DecryptRequest;
import com.aliyun.sdk.service.kms20160120.models.DescribeKeyRequest;
import com.aliyun.sdk.service.kms20160120.models.DisableKeyRequest;
import com.aliyun.sdk.service.kms20160120.models.EncryptRequest;
import com.aliyun.sdk.service.kms20160120.models.GenerateDataKeyRequest;
import com.aliyun.sdk.service.kms20160120.models.GetPublicKeyRequest;
import com.aliyun.sdk.service.kms20160120.models.ListAliasesByKeyIdRequest;
import com.aliyun.sdk.service.kms20160120.models.ListKeyVersionsRequest;
import com.aliyun.sdk.service.kms20160120.models.ListResourceTagsRequest;
import com.aliyun.sdk.service.kms20160120.models.TagResourceRequest;
import com.aliyun.sdk.service.kms20160120.models.UntagResourceRequest;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

record KeysAsync(AsyncClient client) implements Keys.Client {
  @Override
  public String createKey(String spec, String usage, String description) throws Exception {
    var request =
        CreateKeyRequest.builder().keySpec(spec).keyUsage(usage).description(description).build();
    return client.createKey(request).get().getBody().getKeyMetadata().getKeyId();
  }

  @Override
  public List<String> describeKey(String key) throws Exception {
    var request = DescribeKeyRequest.builder().keyId(key).build();
    var found = client.describeKey(request).get().getBody().getKeyMetadata();
    return List.of(found.getDescription(), found.getKeyState());
  }

  @Override
  public List<String> versions(String key) throws Exception {
    var request = ListKeyVersionsRequest.builder().keyId(key).build();
    var answer = client.listKeyVersions(request).get().getBody();
    return answer.getKeyVersions().getKeyVersion().stream()
        .map(version -> version.getKeyVersionId())
        .toList();
  }

  @Override
  public void createAlias(String alias, String key) throws Exception {
    var request = CreateAliasRequest.builder().aliasName(alias).keyId(key).build();
    client.createAlias(request).get();
  }

  @Override
  public List<String> aliases(String key) throws Exception {
    var request = ListAliasesByKeyIdRequest.builder().keyId(key).build();
    var answer = client.listAliasesByKeyId(request).get().getBody();
    return answer.getAliases().getAlias().stream().map(alias -> alias.getAliasName()).toList();
  }

  @Override
  public String encrypt(String key, String plaintext, Map<String, String> context)
      throws Exception {
    var request = EncryptRequest.builder().keyId(key).plaintext(plaintext);
    request.encryptionContext(context);
    return client.encrypt(request.build()).get().getBody().getCiphertextBlob();
  }

  @Override
  public String decrypt(String ciphertext, Map<String, String> context) throws Exception {
    var request = DecryptRequest.builder().ciphertextBlob(ciphertext).encryptionContext(context);
    return client.decrypt(request.build()).get().getBody().getPlaintext();
  }

  @Override
  public List<String> dataKey(String key) throws Exception {
    var request = GenerateDataKeyRequest.builder().keyId(key).numberOfBytes(48).build();
    var made = client.generateDataKey(request).get().getBody();
    return List.of(made.getPlaintext(), made.getCiphertextBlob());
  }

  @Override
  public String sign(String key, String version, String digest) throws Exception {
    var request = AsymmetricSignRequest.builder().keyId(key).keyVersionId(version);
    request.algorithm(Keys.ALGORITHM).digest(digest);
    return client.asymmetricSign(request.build()).get().getBody().getValue();
  }

  @Override
  public boolean verify(String key, String version, String digest, String value)
      throws Exception {
    var request = AsymmetricVerifyRequest.builder().keyId(key).keyVersionId(version);
    request.algorithm(Keys.ALGORITHM).digest(digest).value(value);
    return client.asymmetricVerify(request.build()).get().getBody().getValue();
  }

  @Override
  public String publicKey(String key, String version) throws Exception {
    var request = GetPublicKeyRequest.builder().keyId(key).keyVersionId(version).build();
    return client.getPublicKey(request).get().getBody().getPublicKey();
  }

  @Override
  public void disableKey(String key) throws Exception {
    client.disableKey(DisableKeyRequest.builder().keyId(key).build()).get();
  }

  @Override
  public void tagKey(String key, String tags) throws Exception {
    client.tagResource(TagResourceRequest.builder().keyId(key).tags(tags).build()).get();
  }

  @Override
  public void untagKey(String key, String tagKeys) throws Exception {
    client.untagResource(UntagResourceRequest.builder().keyId(key).tagKeys(tagKeys).build()).get();
  }

  @Override
  public Map<String, String> keyTags(String key) throws Exception {
    var request = ListResourceTagsRequest.builder().keyId(key).build();
    return client.listResourceTags(request).get().getBody().getTags().getTag().stream()
        .collect(Collectors.toMap(tag -> tag.getTagKey(), tag -> tag.getTagValue()));
  }

  @Override
  public String code(Throwable error) {
    return error instanceof PopClientException refusal ? refusal.getErrCode() : null;
  }
}
