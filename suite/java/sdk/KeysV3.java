// Keys with kms20160120.

import com.aliyun.kms20160120.Client;
import com.aliyun.kms20160120.models.AsymmetricSignRequest;
import com.aliyun.kms20160120.models.AsymmetricVerifyRequest;
import com.aliyun.kms20160120.models.CreateAliasRequest;
import com.aliyun.kms20160120.models.CreateKeyRequest;
import com.aliyun.kms20160120.models.DecryptRequest;
import com.aliyun.kms20160120.models.DescribeKeyRequest;
import com.aliyun.kms20160120.models.DisableKeyRequest;
import com.aliyun.kms20160120.models.EncryptRequest;
import com.aliyun.kms20160120.models.GenerateDataKeyRequest;
import com.aliyun.kms20160120.models.GetPublicKeyRequest;
import com.aliyun.kms20160120.models.ListAliasesByKeyIdRequest;
import com.aliyun.kms20160120.models.ListKeyVersionsRequest;
import com.aliyun.kms20160120.models.ListResourceTagsRequest;
import com.aliyun.kms20160120.models.TagResourceRequest;
import com.aliyun.kms20160120.models.UntagResourceRequest;
import com.aliyun.tea.TeaException;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

record KeysV3(Client client) implements Keys.Client {
  @Override
  public String createKey(String spec, String usage, String description) throws Exception {
    var request =
        new CreateKeyRequest().setKeySpec(spec).setKeyUsage(usage).setDescription(description);
    return client.createKey(request).getBody().getKeyMetadata().getKeyId();
  }

  @Override
  public List<String> describeKey(String key) throws Exception {
    var answer = client.describeKey(new DescribeKeyRequest().setKeyId(key)).getBody();
    var found = answer.getKeyMetadata();
    return List.of(found.getDescription(), found.getKeyState());
  }

  @Override
  public List<String> versions(String key) throws Exception {
    var answer = client.listKeyVersions(new ListKeyVersionsRequest().setKeyId(key)).getBody();
    return answer.getKeyVersions().getKeyVersion().stream()
        .map(version -> version.getKeyVersionId())
        .toList();
  }

  @Override
  public void createAlias(String alias, String key) throws Exception {
    client.createAlias(new CreateAliasRequest().setAliasName(alias).setKeyId(key));
  }

  @Override
  public List<String> aliases(String key) throws Exception {
    var answer = client.listAliasesByKeyId(new ListAliasesByKeyIdRequest().setKeyId(key)).getBody();
    return answer.getAliases().getAlias().stream().map(alias -> alias.getAliasName()).toList();
  }

  @Override
  public String encrypt(String key, String plaintext, Map<String, String> context)
      throws Exception {
    var request =
        new EncryptRequest().setKeyId(key).setPlaintext(plaintext).setEncryptionContext(context);
    return client.encrypt(request).getBody().getCiphertextBlob();
  }

  @Override
  public String decrypt(String ciphertext, Map<String, String> context) throws Exception {
    var request = new DecryptRequest().setCiphertextBlob(ciphertext).setEncryptionContext(context);
    return client.decrypt(request).getBody().getPlaintext();
  }

  @Override
  public List<String> dataKey(String key) throws Exception {
    var request = new GenerateDataKeyRequest().setKeyId(key).setNumberOfBytes(48);
    var made = client.generateDataKey(request).getBody();
    return List.of(made.getPlaintext(), made.getCiphertextBlob());
  }

  @Override
  public String sign(String key, String version, String digest) throws Exception {
    var request = new AsymmetricSignRequest().setKeyId(key).setKeyVersionId(version);
    request.setAlgorithm(Keys.ALGORITHM).setDigest(digest);
    return client.asymmetricSign(request).getBody().getValue();
  }

  @Override
  public boolean verify(String key, String version, String digest, String value)
      throws Exception {
    var request = new AsymmetricVerifyRequest().setKeyId(key).setKeyVersionId(version);
    request.setAlgorithm(Keys.ALGORITHM).setDigest(digest).setValue(value);
    return client.asymmetricVerify(request).getBody().getValue();
  }

  @Override
  public String publicKey(String key, String version) throws Exception {
    var request = new GetPublicKeyRequest().setKeyId(key).setKeyVersionId(version);
    return client.getPublicKey(request).getBody().getPublicKey();
  }

  @Override
  public void disableKey(String key) throws Exception {
    client.disableKey(new DisableKeyRequest().setKeyId(key));
  }

  @Override
  public void tagKey(String key, String tags) throws Exception {
    client.tagResource(new TagResourceRequest().setKeyId(key).setTags(tags));
  }

  @Override
  public void untagKey(String key, String tagKeys) throws Exception {
    client.untagResource(new UntagResourceRequest().setKeyId(key).setTagKeys(tagKeys));
  }

  @Override
  public Map<String, String> keyTags(String key) throws Exception {
    var request = new ListResourceTagsRequest().setKeyId(key);
    return client.listResourceTags(request).getBody().getTags().getTag().stream()
        .collect(Collectors.toMap(tag -> tag.getTagKey(), tag -> tag.getTagValue()));
  }

  @Override
  public String code(Throwable error) {
    return error instanceof TeaException refusal ? refusal.getCode() : null;
  }
}
