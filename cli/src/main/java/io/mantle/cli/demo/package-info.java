/**
 * A provider to try Mantle with: a server on a loopback port that speaks as OpenAI and as Anthropic
 * do. In come requests to a model; out come answers that repeat the prompt, and a log of what was
 * received. It is here to show, without an account anywhere, that a provider only ever sees
 * surrogates.
 */
@NullMarked
package io.mantle.cli.demo;

import org.jspecify.annotations.NullMarked;
