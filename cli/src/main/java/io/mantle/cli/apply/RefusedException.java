package io.mantle.cli.apply;

/** The admin API refused a request: its words, which hold no value, and the field it names. */
public final class RefusedException extends Exception {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final String field;

  RefusedException(int status, String detail, String field) {
    super(detail);
    this.status = status;
    this.field = field;
  }

  /** What was asked of the API, and its reason. */
  public String reason() {
    return getMessage() + " (HTTP " + status + ")";
  }

  /** Whether there is no such thing, or none that the token may see. */
  public boolean isNotFound() {
    return status == 404;
  }

  /** Whether the token may not do this. */
  public boolean isForbidden() {
    return status == 403;
  }

  /** Such as {@code recognizers[0].type}; empty where none is named. */
  String field() {
    return field;
  }

  /** Whether what was read is not there any more as it was read. */
  boolean isConflict() {
    return status == 404 || status == 409 || status == 412;
  }
}
