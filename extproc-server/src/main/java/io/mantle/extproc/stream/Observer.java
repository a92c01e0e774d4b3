package io.mantle.extproc.stream;

import io.mantle.extproc.value.ExchangeReport;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Who hears of exchanges that are over.
 *
 * @param reports called on the threads that all exchanges share, so it must not wait
 * @param traces whether an exchange without a trace of the client's begins one
 * @param content of which tenants the report may hold what was said, as the provider saw it, where
 *     their policies want that
 */
public record Observer(
    Consumer<ExchangeReport> reports, boolean traces, Predicate<String> content) {}
