/**
 * What the control plane wants forgotten comes in, and what was destroyed goes out. Only where this
 * process alone keeps conversations: a vault that replicas share is the control plane's to reach.
 */
@NullMarked
package io.mantle.extproc.deletion;

import org.jspecify.annotations.NullMarked;
