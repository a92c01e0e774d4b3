package io.mantle.controlplane.snapshot;

import com.google.common.collect.Lists;
import io.mantle.controlplane.database.PublishedRows;
import io.mantle.controlplane.database.TenantRead;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;

/**
 * Tenants read a page at a time, each page as of one moment, and the next one while the last is
 * worked on: at most two pages are in memory, and Postgres works beside us.
 */
final class TenantPages {
  private static final int TENANTS_PER_PAGE = 500;

  private final Reader reader;
  private final int tenantsPerPage;

  /** Where they are read. */
  @FunctionalInterface
  interface Reader {
    /** These tenants as of one moment, less those that are gone. */
    List<TenantRead> read(List<String> tenantIds);
  }

  TenantPages(PublishedRows rows) {
    this(rows::read, TENANTS_PER_PAGE);
  }

  /** Pages of another size. */
  TenantPages(Reader reader, int tenantsPerPage) {
    this.reader = reader;
    this.tenantsPerPage = tenantsPerPage;
  }

  /**
   * Some tenants.
   *
   * @param asked for; one that was not read is gone
   */
  record Page(List<String> asked, List<TenantRead> read) {}

  /** Has all of these tenants worked on, in their order, by the calling thread. */
  void forEach(List<String> tenantIds, Consumer<Page> work) {
    List<List<String>> pages = Lists.partition(tenantIds, tenantsPerPage);
    if (pages.size() <= 1) {
      pages.forEach(ids -> work.accept(read(ids)));
      return;
    }
    try (ExecutorService ahead =
        Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("read-ahead").factory())) {
      Future<Page> next = ahead.submit(() -> read(pages.getFirst()));
      for (int i = 1; i <= pages.size(); i++) {
        Page page = await(next);
        if (i < pages.size()) {
          List<String> ids = pages.get(i);
          next = ahead.submit(() -> read(ids));
        }
        work.accept(page);
      }
    }
  }

  private Page read(List<String> ids) {
    return new Page(ids, reader.read(ids));
  }

  private static Page await(Future<Page> page) {
    try {
      return page.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while tenants were read", e);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException cause
          ? cause
          : new IllegalStateException("tenants were not read", e.getCause());
    }
  }
}
