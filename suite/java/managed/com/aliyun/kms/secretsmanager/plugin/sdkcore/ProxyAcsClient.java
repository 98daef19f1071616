// A type of the managed-credentials plug-in, as examples/java sees it, made of the published cache
// client: the plug-in itself is in no registry that the suite reaches.

package com.aliyun.kms.secretsmanager.plugin.sdkcore;

import com.aliyun.kms.secretsmanager.plugin.common.AKExpireHandler;
import com.aliyuncs.CommonRequest;
import com.aliyuncs.CommonResponse;
import com.aliyuncs.DefaultAcsClient;
import com.aliyuncs.auth.AlibabaCloudCredentials;
import com.aliyuncs.auth.AlibabaCloudCredentialsProvider;
import com.aliyuncs.auth.BasicCredentials;
import com.aliyuncs.exceptions.ClientException;
import com.aliyuncs.kms.secretsmanager.client.SecretCacheClient;
import com.aliyuncs.kms.secretsmanager.client.SecretCacheClientBuilder;
import com.aliyuncs.kms.secretsmanager.client.service.DefaultSecretManagerClientBuilder;
import com.aliyuncs.profile.DefaultProfile;
import com.google.gson.Gson;
import com.google.gson.JsonObject;

public class ProxyAcsClient extends DefaultAcsClient {
  /** How old a read value may be: an hour if nobody says otherwise, as with the cache client. */
  private static final long TTL = Long.getLong("suite.ttl", 3_600_000);

  private final String secretName;
  private final AKExpireHandler<ClientException> handler;
  private final Hosted hosted;

  public ProxyAcsClient(
      String regionId, String secretName, AKExpireHandler<ClientException> handler) {
    this(regionId, secretName, handler, new Hosted(secretName));
  }

  private ProxyAcsClient(
      String regionId,
      String secretName,
      AKExpireHandler<ClientException> handler,
      Hosted hosted) {
    super(DefaultProfile.getProfile(regionId), hosted);
    this.secretName = secretName;
    this.handler = handler;
    this.hosted = hosted;
    // A failed call is to be seen.
    setAutoRetry(false);
  }

  @Override
  public CommonResponse getCommonResponse(CommonRequest request) throws ClientException {
    try {
      return super.getCommonResponse(request);
    } catch (ClientException error) {
      if (!handler.judgeAKExpire(error)) {
        throw error;
      }
      hosted.refresh();
      return super.getCommonResponse(request);
    }
  }

  /** Asks the cache for each call. */
  private static final class Hosted implements AlibabaCloudCredentialsProvider {
    private final String secretName;
    private final SecretCacheClient cache;

    Hosted(String secretName) {
      this.secretName = secretName;
      try {
        var gateway =
            new DefaultSecretManagerClientBuilder()
                .withCustomConfigFile("managed_credentials_providers.properties");
        cache =
            SecretCacheClientBuilder.newCacheClientBuilder(gateway.build())
                .withSecretTTL(secretName, TTL)
                .build();
      } catch (Exception error) {
        throw new IllegalStateException(error);
      }
    }

    @Override
    public AlibabaCloudCredentials getCredentials() throws ClientException {
      try {
        var key = new Gson().fromJson(cache.getStringValue(secretName), JsonObject.class);
        return new BasicCredentials(
            key.get("AccessKeyId").getAsString(), key.get("AccessKeySecret").getAsString());
      } catch (Exception error) {
        throw new ClientException("SDK.NoHostedAccessKey", String.valueOf(error));
      }
    }

    void refresh() {
      try {
        cache.refreshNow(secretName);
      } catch (InterruptedException error) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
