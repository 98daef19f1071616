package org.example;

import com.aliyun.kms.secretsmanager.plugin.common.AKExpireHandler;
import com.aliyuncs.exceptions.ClientException;
import java.util.Set;

/**
 * When a refused call means that the AccessKey at hand is no longer the right one: the plug-in then
 * reads the secret again and calls once more. Its own handler, which serves when none is given, does
 * not know the last of these codes, that of a key which somebody has disabled.
 */
public class AliyunSdkAKExpireHandler implements AKExpireHandler<ClientException> {
  private static final Set<String> CODES =
      Set.of("InvalidAccessKeyId.NotFound", "InvalidAccessKeyId", "InvalidAccessKeyId.Inactive");

  @Override
  public boolean judgeAKExpire(ClientException error) {
    return error.getErrCode() != null && CODES.contains(error.getErrCode());
  }
}
