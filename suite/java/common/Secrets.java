// All that one does with secrets, with any client.

import com.google.gson.Gson;
import com.google.gson.reflect.TypeToken;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

final class Secrets {
  /** What the current version holds; no stages from clients that do not tell. */
  record Read(String value, String version, List<String> stages) {}

  /** A client that only reads. */
  interface Reader {
    Read read(String name) throws Exception;

    /** The code of an error that the client raised; null if it is of another kind. */
    String code(Throwable error);
  }

  /** A client, which does all this in its own words. */
  interface Client extends Reader {
    void create(String name, String value) throws Exception;

    void put(String name, String version, String value) throws Exception;

    void update(String name, String description) throws Exception;

    String describe(String name) throws Exception;

    List<String> list(String filters) throws Exception;

    /** Adds tags, as JSON has them. */
    void tag(String name, String tags) throws Exception;

    Map<String, String> tags(String name) throws Exception;

    void delete(String name) throws Exception;
  }

  static final String KEY_ID = System.getenv("ALIBABA_CLOUD_ACCESS_KEY_ID");
  static final String KEY_SECRET = System.getenv("ALIBABA_CLOUD_ACCESS_KEY_SECRET");
  private static final String CHANGED = "hunter3 <ü> & \"more\" 100%";

  private Secrets() {}

  /** What something on the way could spoil, by what it is called. */
  static Map<String, String> values(Path file) throws Exception {
    var text = new TypeToken<TreeMap<String, String>>() {}.getType();
    return new Gson().fromJson(Files.readString(file), text);
  }

  /** A wrong secret of the AccessKey has this code. */
  static void use(String who, String wrongSecret, Function<String, Client> connect)
      throws Exception {
    String prefix = "suite/" + who + "/";
    Client kms = connect.apply(KEY_SECRET);
    var values = values(Path.of(System.getenv("SUITE_VALUES")));
    for (var value : values.entrySet()) {
      String name = prefix + value.getKey();
      Checks.check(
          who + "-create-and-read-" + value.getKey(),
          () -> {
            kms.create(name, value.getValue());
            Checks.equal(
                kms.read(name), new Read(value.getValue(), "v1", List.of("ACSCurrent")));
          });
    }
    Checks.check(
        who + "-list",
        () -> {
          String filters = "[{\"Key\":\"SecretName\",\"Values\":[\"" + prefix + "\"]}]";
          var names = values.keySet().stream().map(kind -> prefix + kind).toList();
          Checks.equal(kms.list(filters).stream().sorted().toList(), names);
        });
    Checks.check(
        who + "-put",
        () -> {
          kms.put(prefix + "plain", "v2", CHANGED);
          Checks.equal(
              kms.read(prefix + "plain"), new Read(CHANGED, "v2", List.of("ACSCurrent")));
        });
    Checks.check(
        who + "-update-and-describe",
        () -> {
          kms.update(prefix + "json", "für <alle> & \"jeden\"");
          Checks.equal(kms.describe(prefix + "json"), "für <alle> & \"jeden\"");
        });
    Checks.check(
        who + "-tag",
        () -> {
          kms.tag(
              prefix + "json",
              "[{\"TagKey\":\"für\",\"TagValue\":\"<alle> & %\"},"
                  + "{\"TagKey\":\"id\",\"TagValue\":\"1\"}]");
          String number = "12345678901234567890";
          kms.tag(prefix + "json", "[{\"TagKey\":\"id\",\"TagValue\":\"" + number + "\"}]");
          Checks.equal(kms.tags(prefix + "json"), Map.of("für", "<alle> & %", "id", number));
        });
    Checks.check(
        who + "-delete",
        () -> {
          kms.delete(prefix + "lines");
          refused(kms, "Forbidden.ResourceNotFound", prefix + "lines");
        });
    errors(who, wrongSecret, connect);
  }

  /** Looks for a secret that is not there, and asks with a wrong secret of the AccessKey. */
  static void errors(String who, String wrongSecret, Function<String, ? extends Reader> connect) {
    Checks.check(
        who + "-missing-secret",
        () -> refused(connect.apply(KEY_SECRET), "Forbidden.ResourceNotFound", "suite/nowhere"));
    Checks.check(
        who + "-wrong-secret-of-the-accesskey",
        () -> refused(connect.apply("not" + KEY_SECRET), wrongSecret, "suite/nowhere"));
  }

  /** Reads what must not be answered. */
  static void refused(Reader kms, String code, String name) throws Exception {
    Checks.refused(kms::code, code, () -> kms.read(name));
  }
}
