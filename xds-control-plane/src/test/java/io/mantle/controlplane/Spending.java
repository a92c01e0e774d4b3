package io.mantle.controlplane;

import java.sql.SQLException;

/** Makes exchanges cost something, whatever prices there are. */
public final class Spending {
  private Spending() {}

  /**
   * From now on each usage row that is inserted costs this, in billionths of a US dollar.
   *
   * <p>The rest is locked first, as the job does that makes the months: the other way round the two
   * may deadlock.
   */
  public static void everyRowCosts(TestPostgres postgres, long nanoUsd) throws SQLException {
    postgres.execute(
        """
        CREATE OR REPLACE FUNCTION test_price() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          NEW.cost_nano_usd := %d;
          RETURN NEW;
        END $$;
        DO $$
        BEGIN
          LOCK TABLE usage_rest IN SHARE ROW EXCLUSIVE MODE;
          CREATE OR REPLACE TRIGGER test_price BEFORE INSERT ON usage
            FOR EACH ROW EXECUTE FUNCTION test_price();
        END $$;
        """
            .formatted(nanoUsd));
  }
}
