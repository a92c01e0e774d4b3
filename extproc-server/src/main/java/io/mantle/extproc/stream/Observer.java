package io.mantle.extproc.stream;

import io.mantle.extproc.value.ExchangeReport;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Who hears of exchanges that are over.
 *
 * @param reports called on the threads that all exchanges share, so it must not wait
 * @param traces whether an exchange without a trace of the client's begins one
 * @param content of which tenants the report holds what was said, as the provider saw it
 */
public record Observer(
    Consumer<ExchangeReport> reports, boolean traces, Predicate<String> content) {}
