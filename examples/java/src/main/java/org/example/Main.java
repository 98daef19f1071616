package org.example;

import com.aliyun.kms.secretsmanager.plugin.sdkcore.ProxyAcsClient;
import com.aliyuncs.CommonRequest;
import com.aliyuncs.IAcsClient;
import com.aliyuncs.exceptions.ClientException;
import com.aliyuncs.http.MethodType;
import com.aliyuncs.http.ProtocolType;
import java.io.InputStream;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Calls an API all the time with an AccessKey that it never sees: all it knows is the name of the
 * secret that hosts it. Where KMS is, and how to be let in, is in a file of the plug-in's,
 * managed_credentials_providers.properties. Ends at SIGTERM or Ctrl-C.
 */
public class Main {
  public static void main(String[] arguments) throws Exception {
    Properties settings = settings();
    IAcsClient client =
        new ProxyAcsClient(
            settings.getProperty("region_id"),
            settings.getProperty("secret_name"),
            new AliyunSdkAKExpireHandler());
    long pause = Long.parseLong(settings.getProperty("pause_milliseconds"));

    CountDownLatch told = new CountDownLatch(1);
    CountDownLatch counted = new CountDownLatch(1);
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  told.countDown();
                  try {
                    counted.await(10, TimeUnit.SECONDS);
                  } catch (InterruptedException error) {
                    Thread.currentThread().interrupt();
                  }
                }));

    int calls = 0;
    int failed = 0;
    do {
      calls++;
      try {
        String answer = client.getCommonResponse(whoami(settings)).getData();
        if (calls == 1) {
          System.out.println("calls as " + answer);
        }
      } catch (ClientException error) {
        failed++;
        System.out.println("FAILED " + error.getErrCode());
      }
    } while (!told.await(pause, TimeUnit.MILLISECONDS));
    System.out.println(calls + " calls, " + failed + " failed");
    System.out.flush();
    counted.countDown();
  }

  /** The business of this program: it asks STS who it is. */
  private static CommonRequest whoami(Properties settings) {
    CommonRequest request = new CommonRequest();
    request.setSysDomain(settings.getProperty("endpoint"));
    request.setSysProtocol(
        "http".equals(settings.getProperty("protocol")) ? ProtocolType.HTTP : ProtocolType.HTTPS);
    request.setSysMethod(MethodType.POST);
    request.setSysVersion("2015-04-01");
    request.setSysAction("GetCallerIdentity");
    return request;
  }

  private static Properties settings() throws Exception {
    Properties settings = new Properties();
    try (InputStream file = Main.class.getResourceAsStream("/application.properties")) {
      settings.load(file);
    }
    return settings;
  }
}
