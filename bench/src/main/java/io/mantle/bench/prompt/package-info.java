/**
 * The prompts that are sent, known to the load client and to the provider alike: made up, the same
 * in every run.
 */
@NullMarked
package io.mantle.bench.prompt;

import org.jspecify.annotations.NullMarked;
