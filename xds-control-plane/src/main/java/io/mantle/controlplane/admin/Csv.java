package io.mantle.controlplane.admin;

import io.javalin.http.Context;

/** What answers as CSV (RFC 4180) have in common. */
final class Csv {
  static final String LINE_END = "\r\n";

  /** What a spreadsheet takes for a formula; clients choose some of what is shown. */
  private static final String FORMULA_STARTS = "=+-@\t\r";

  private Csv() {}

  static boolean isAskedFor(Context context) {
    String accept = context.header("Accept");
    return accept != null && accept.contains("text/csv");
  }

  static void answer(Context context, String csv) {
    context.header("Cache-Control", "no-store").contentType("text/csv; charset=utf-8").result(csv);
  }

  /** A field; what a spreadsheet would take for a formula has an apostrophe before it. */
  static String text(String value) {
    String safe =
        !value.isEmpty() && FORMULA_STARTS.indexOf(value.charAt(0)) >= 0 ? "'" + value : value;
    return '"' + safe.replace("\"", "\"\"") + '"';
  }
}
