// A type of the managed-credentials plug-in, as examples/java sees it.

package com.aliyun.kms.secretsmanager.plugin.common;

public interface AKExpireHandler<E extends Exception> {
  boolean judgeAKExpire(E error);
}
