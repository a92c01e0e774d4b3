/**
 * Traces: reports of exchanges that are over come in; spans go out over OTLP, to a collector that
 * the operator names. They tell times, counts, names of models and types; where the operator asks
 * for it, and for the tenants that he names, also what the provider saw. No other package knows
 * OpenTelemetry.
 */
@NullMarked
package io.mantle.extproc.trace;

import org.jspecify.annotations.NullMarked;
