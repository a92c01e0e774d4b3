package io.mantle.extproc.stream;

import io.mantle.extproc.value.ExchangeReport;
import io.mantle.extproc.value.SentRequest;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Who hears of exchanges that are over.
 *
 * @param reports called on the threads that all exchanges share, so it must not wait
 * @param traces whether an exchange without a trace of the client's begins one
 * @param content of which tenants the report may hold what was said, as the provider saw it, where
 *     their policies want that
 * @param sent called as {@code reports} is, with what providers are sent of tenants whose policies
 *     want a record of it
 */
public record Observer(
    Consumer<ExchangeReport> reports,
    boolean traces,
    Predicate<String> content,
    Consumer<SentRequest> sent) {}
