// One line per check, `ok NAME` or `FAIL NAME reason`: the suite counts these lines.

import java.util.Objects;
import java.util.function.Function;

final class Checks {
  interface Check {
    void run() throws Exception;
  }

  private static boolean failed = false;

  private Checks() {}

  /** Counts what happens inside; an exception is a failed check, and the next one still runs. */
  static void check(String name, Check check) {
    try {
      check.run();
      System.out.println("ok " + name);
    } catch (Throwable error) {
      failed = true;
      System.out.println("FAIL " + name + " " + error.toString().replaceAll("\\s+", " "));
    }
  }

  /** Like assert, but says what was found. */
  static void equal(Object found, Object expected) {
    if (!Objects.equals(found, expected)) {
      throw new AssertionError("found " + found + ", not " + expected);
    }
  }

  /** A call that must not be answered, and the code of the client's own error. */
  static void refused(Function<Throwable, String> codeOf, String code, Check call)
      throws Exception {
    try {
      call.run();
    } catch (Exception error) {
      for (Throwable cause = error; cause != null; cause = cause.getCause()) {
        if (codeOf.apply(cause) != null) {
          equal(codeOf.apply(cause), code);
          return;
        }
      }
      throw error;
    }
    throw new AssertionError("it was answered");
  }

  /** Ends the program, whatever threads its clients have left. */
  static void finish() {
    System.exit(failed ? 1 : 0);
  }
}
