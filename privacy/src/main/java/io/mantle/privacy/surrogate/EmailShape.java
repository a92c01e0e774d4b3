package io.mantle.privacy.surrogate;

/** E-mail addresses: the person's surrogate name at a host that nobody can own. */
final class EmailShape implements Shape {
  private final AccountWords accounts;
  private final Hosts hosts;

  EmailShape(AccountWords accounts, Hosts hosts) {
    this.accounts = accounts;
    this.hosts = hosts;
  }

  @Override
  public String identity(String spelling) {
    return Casing.foldWords(spelling);
  }

  @Override
  public String surrogate(String spelling, Draws draws) {
    int at = spelling.lastIndexOf('@');
    if (at < 0) {
      return accounts.surrogate(spelling, draws);
    }
    return accounts.surrogate(spelling.substring(0, at), draws)
        + '@'
        + hosts.surrogate(spelling.substring(at + 1), draws.steady());
  }

  @Override
  public String exposed(String spelling) {
    int at = spelling.lastIndexOf('@');
    return at < 0 ? spelling : spelling.substring(0, at);
  }
}
