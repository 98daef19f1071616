// Keys with aliyun-java-sdk-kms.

import com.aliyuncs.kms.model.v20160120.AsymmetricSignRequest;
import com.aliyuncs.kms.model.v20160120.AsymmetricVerifyRequest;
import com.aliyuncs.kms.model.v20160120.CreateAliasRequest;
import com.aliyuncs.kms.model.v20160120.CreateKeyRequest;
import com.aliyuncs.kms.model.v20160120.DecryptRequest;
import com.aliyuncs.kms.model.v20160120.DescribeKeyRequest;
import com.aliyuncs.kms.model.v20160120.DisableKeyRequest;
import com.aliyuncs.kms.model.v20160120.EncryptRequest;
import com.aliyuncs.kms.model.v20160120.GenerateDataKeyRequest;
import com.aliyuncs.kms.model.v20160120.GetPublicKeyRequest;
import com.aliyuncs.kms.model.v20160120.ListAliasesByKeyIdRequest;
import com.aliyuncs.kms.model.v20160120.ListKeyVersionsRequest;
import com.aliyuncs.kms.model.v20160120.ListResourceTagsRequest;
import com.aliyuncs.kms.model.v20160120.TagResourceRequest;
import com.aliyuncs.kms.model.v20160120.UntagResourceRequest;
import com.google.gson.Gson;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

record KeysV1(V1 sdk) implements Keys.Client {
  @Override
  public String createKey(String spec, String usage, String description) throws Exception {
    var request = new CreateKeyRequest();
    request.setKeySpec(spec);
    request.setKeyUsage(usage);
    request.setDescription(description);
    return sdk.send(request).getKeyMetadata().getKeyId();
  }

  @Override
  public List<String> describeKey(String key) throws Exception {
    var request = new DescribeKeyRequest();
    request.setKeyId(key);
    var found = sdk.send(request).getKeyMetadata();
    return List.of(found.getDescription(), found.getKeyState());
  }

  @Override
  public List<String> versions(String key) throws Exception {
    var request = new ListKeyVersionsRequest();
    request.setKeyId(key);
    return sdk.send(request).getKeyVersions().stream()
        .map(version -> version.getKeyVersionId())
        .toList();
  }

  @Override
  public void createAlias(String alias, String key) throws Exception {
    var request = new CreateAliasRequest();
    request.setAliasName(alias);
    request.setKeyId(key);
    sdk.send(request);
  }

  @Override
  public List<String> aliases(String key) throws Exception {
    var request = new ListAliasesByKeyIdRequest();
    request.setKeyId(key);
    return sdk.send(request).getAliases().stream().map(alias -> alias.getAliasName()).toList();
  }

  @Override
  public String encrypt(String key, String plaintext, Map<String, String> context)
      throws Exception {
    var request = new EncryptRequest();
    request.setKeyId(key);
    request.setPlaintext(plaintext);
    request.setEncryptionContext(written(context));
    return sdk.send(request).getCiphertextBlob();
  }

  @Override
  public String decrypt(String ciphertext, Map<String, String> context) throws Exception {
    var request = new DecryptRequest();
    request.setCiphertextBlob(ciphertext);
    request.setEncryptionContext(written(context));
    return sdk.send(request).getPlaintext();
  }

  @Override
  public List<String> dataKey(String key) throws Exception {
    var request = new GenerateDataKeyRequest();
    request.setKeyId(key);
    request.setNumberOfBytes(48);
    var made = sdk.send(request);
    return List.of(made.getPlaintext(), made.getCiphertextBlob());
  }

  @Override
  public String sign(String key, String version, String digest) throws Exception {
    var request = new AsymmetricSignRequest();
    request.setKeyId(key);
    request.setKeyVersionId(version);
    request.setAlgorithm(Keys.ALGORITHM);
    request.setDigest(digest);
    return sdk.send(request).getValue();
  }

  @Override
  public boolean verify(String key, String version, String digest, String value)
      throws Exception {
    var request = new AsymmetricVerifyRequest();
    request.setKeyId(key);
    request.setKeyVersionId(version);
    request.setAlgorithm(Keys.ALGORITHM);
    request.setDigest(digest);
    request.setValue(value);
    return sdk.send(request).getValue();
  }

  @Override
  public String publicKey(String key, String version) throws Exception {
    var request = new GetPublicKeyRequest();
    request.setKeyId(key);
    request.setKeyVersionId(version);
    return sdk.send(request).getPublicKey();
  }

  @Override
  public void disableKey(String key) throws Exception {
    var request = new DisableKeyRequest();
    request.setKeyId(key);
    sdk.send(request);
  }

  @Override
  public void tagKey(String key, String tags) throws Exception {
    var request = new TagResourceRequest();
    request.setKeyId(key);
    request.setTags(tags);
    sdk.send(request);
  }

  @Override
  public void untagKey(String key, String tagKeys) throws Exception {
    var request = new UntagResourceRequest();
    request.setKeyId(key);
    request.setTagKeys(tagKeys);
    sdk.send(request);
  }

  @Override
  public Map<String, String> keyTags(String key) throws Exception {
    var request = new ListResourceTagsRequest();
    request.setKeyId(key);
    return sdk.send(request).getTags().stream()
        .collect(Collectors.toMap(tag -> tag.getTagKey(), tag -> tag.getTagValue()));
  }

  @Override
  public String code(Throwable error) {
    return sdk.code(error);
  }

  /** A context as the wire has it. */
  private static String written(Map<String, String> context) {
    return context == null ? null : new Gson().toJson(context);
  }
}
