/**
 * A provider to try Mantle with: an OpenAI-compatible server on a loopback port. In come chat
 * completion requests; out come answers that repeat the prompt, and a log of what was received. It
 * is here to show, without an account anywhere, that a provider only ever sees surrogates.
 */
@NullMarked
package io.mantle.cli.demo;

import org.jspecify.annotations.NullMarked;
