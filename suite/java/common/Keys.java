// All that one does with keys, with any client.

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;

final class Keys {
  /** A client, which does all this in its own words. Bytes are in base64, as on the wire. */
  interface Client {
    /** Makes a key of this kind and tells its id. */
    String createKey(String spec, String usage, String description) throws Exception;

    /** The description and the state. */
    List<String> describeKey(String key) throws Exception;

    List<String> versions(String key) throws Exception;

    void createAlias(String alias, String key) throws Exception;

    List<String> aliases(String key) throws Exception;

    /** In a context, null for none. */
    String encrypt(String key, String plaintext, Map<String, String> context) throws Exception;

    String decrypt(String ciphertext, Map<String, String> context) throws Exception;

    /** One of 48 bytes, in plain and encrypted. */
    List<String> dataKey(String key) throws Exception;

    String sign(String key, String version, String digest) throws Exception;

    boolean verify(String key, String version, String digest, String value) throws Exception;

    /** In PEM. */
    String publicKey(String key, String version) throws Exception;

    void disableKey(String key) throws Exception;

    /** The tags, and the keys of tags, are JSON as on the wire. */
    void tagKey(String key, String tags) throws Exception;

    void untagKey(String key, String tagKeys) throws Exception;

    Map<String, String> keyTags(String key) throws Exception;

    /** The code of an error that the client raised; null if it is of another kind. */
    String code(Throwable error);
  }

  static final String ALGORITHM = "ECDSA_SHA_256";
  // Names and values that a careless encoding would spoil.
  private static final Map<String, String> CONTEXT =
      Map.of("für", "<a> & \"b\" 'c'", "id", "12345678901234567890");
  private static final String DESCRIPTION = "für <alle> & \"jeden\" 100%";

  private Keys() {}

  static void use(String who, Client kms) throws Exception {
    var made = new ArrayList<String>();
    Checks.check(
        who + "-key-create",
        () -> made.add(kms.createKey("Aliyun_AES_256", "ENCRYPT/DECRYPT", DESCRIPTION)));
    if (made.isEmpty()) {
      return;
    }
    String key = made.get(0);
    String alias = "alias/suite/" + who;
    Checks.check(
        who + "-key-describe",
        () -> Checks.equal(kms.describeKey(key), List.of(DESCRIPTION, "Enabled")));
    Checks.check(
        who + "-key-alias",
        () -> {
          kms.createAlias(alias, key);
          Checks.equal(kms.aliases(key), List.of(alias));
        });
    for (var value : Secrets.values(Path.of(System.getenv("SUITE_VALUES"))).entrySet()) {
      Checks.check(
          who + "-encrypt-and-decrypt-" + value.getKey(),
          () -> {
            String plaintext = encoded(value.getValue().getBytes(StandardCharsets.UTF_8));
            String sealed = kms.encrypt(alias, plaintext, CONTEXT);
            Checks.equal(kms.decrypt(sealed, CONTEXT), plaintext);
          });
    }
    Checks.check(
        who + "-another-context",
        () -> {
          String sealed = kms.encrypt(alias, "eA==", CONTEXT);
          var other = Map.of("für", "<b>");
          refused(kms, "InvalidParameter", () -> kms.decrypt(sealed, other));
        });
    Checks.check(
        who + "-key-tags",
        () -> {
          String number = "12345678901234567890";
          kms.tagKey(
              key,
              "[{\"TagKey\":\"für\",\"TagValue\":\"<alle> & %\"},"
                  + ("{\"TagKey\":\"id\",\"TagValue\":\"" + number + "\"}]"));
          Checks.equal(kms.keyTags(key), Map.of("für", "<alle> & %", "id", number));
          kms.untagKey(key, "[\"für\"]");
          Checks.equal(kms.keyTags(key), Map.of("id", number));
        });
    Checks.check(
        who + "-data-key",
        () -> {
          var pair = kms.dataKey(key);
          Checks.equal(Base64.getDecoder().decode(pair.get(0)).length, 48);
          Checks.equal(kms.decrypt(pair.get(1), null), pair.get(0));
        });
    Checks.check(who + "-sign-and-verify", () -> sign(kms));
    Checks.check(
        who + "-missing-key",
        () ->
            refused(
                kms,
                "Forbidden.KeyNotFound",
                () -> kms.describeKey("key-hzz00000000000000000000")));
    Checks.check(
        who + "-disabled-key",
        () -> {
          kms.disableKey(key);
          refused(kms, "Rejected.Disabled", () -> kms.encrypt(key, "eA==", null));
        });
  }

  /** What KMS signs, the public key verifies without it. */
  private static void sign(Client kms) throws Exception {
    String key = kms.createKey("EC_P256", "SIGN/VERIFY", "");
    String version = kms.versions(key).get(0);
    byte[] message = "ключ".getBytes(StandardCharsets.UTF_8);
    byte[] other = "other".getBytes(StandardCharsets.UTF_8);
    String value = kms.sign(key, version, digest(message));
    Checks.equal(kms.verify(key, version, digest(message), value), true);
    Checks.equal(kms.verify(key, version, digest(other), value), false);

    String pem = kms.publicKey(key, version).replaceAll("-----[A-Z ]+-----", "");
    var der = new X509EncodedKeySpec(Base64.getMimeDecoder().decode(pem));
    PublicKey known = KeyFactory.getInstance("EC").generatePublic(der);
    Checks.equal(verifies(known, message, value), true);
    Checks.equal(verifies(known, other, value), false);
  }

  private static boolean verifies(PublicKey key, byte[] message, String value) throws Exception {
    Signature signature = Signature.getInstance("SHA256withECDSA");
    signature.initVerify(key);
    signature.update(message);
    return signature.verify(Base64.getDecoder().decode(value));
  }

  private static String digest(byte[] message) throws Exception {
    return encoded(MessageDigest.getInstance("SHA-256").digest(message));
  }

  private static String encoded(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }

  private static void refused(Client kms, String code, Checks.Check call) throws Exception {
    Checks.refused(kms::code, code, call);
  }
}
