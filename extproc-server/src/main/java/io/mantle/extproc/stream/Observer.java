package io.mantle.extproc.stream;

import io.mantle.extproc.value.ExchangeReport;
import java.util.function.Consumer;

/**
 * Who hears of exchanges that are over.
 *
 * @param reports called on the threads that all exchanges share, so it must not wait
 * @param traces whether an exchange without a trace of the client's begins one
 */
public record Observer(Consumer<ExchangeReport> reports, boolean traces) {}
