package io.mantle.cli.apply;

/** JSON pointers (RFC 6901), by which values of the file are known. */
final class Pointer {
  private Pointer() {}

  static String child(String pointer, String member) {
    return pointer + "/" + member.replace("~", "~0").replace("/", "~1");
  }

  static String child(String pointer, int element) {
    return pointer + "/" + element;
  }

  /** Of the value that a value is in. */
  static String parent(String pointer) {
    return pointer.isEmpty() ? "" : pointer.substring(0, pointer.lastIndexOf('/'));
  }

  /** Of a field as a problem of the admin API names it: {@code recognizers[0].patterns[1]}. */
  static String ofField(String pointer, String field) {
    return field.isEmpty()
        ? pointer
        : pointer + "/" + field.replace("[", "/").replace("]", "").replace('.', '/');
  }

  /** For people: {@code tenants[0].restore.PERSON}. */
  static String shown(String pointer) {
    StringBuilder shown = new StringBuilder();
    for (String step : pointer.split("/", -1)) {
      if (step.matches("[0-9]+")) {
        shown.append('[').append(step).append(']');
      } else if (!step.isEmpty()) {
        shown.append(shown.isEmpty() ? "" : ".").append(Words.printable(step));
      }
    }
    return shown.toString().replace("~1", "/").replace("~0", "~");
  }
}
