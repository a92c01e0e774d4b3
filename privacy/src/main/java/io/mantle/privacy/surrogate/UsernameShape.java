package io.mantle.privacy.surrogate;

/** Names of accounts. */
final class UsernameShape implements Shape {
  private final AccountWords accounts;

  UsernameShape(AccountWords accounts) {
    this.accounts = accounts;
  }

  @Override
  public String identity(String spelling) {
    return Casing.foldWords(spelling);
  }

  @Override
  public String surrogate(String spelling, Draws draws) {
    return accounts.surrogate(spelling, draws);
  }

  @Override
  public String exposed(String spelling) {
    return spelling;
  }
}
