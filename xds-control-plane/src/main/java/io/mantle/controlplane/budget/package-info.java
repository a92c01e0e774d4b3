/**
 * What becomes of a budget's alert once it is stored: in comes what {@link
 * io.mantle.controlplane.database.BudgetWatch} noticed, out goes a line of the log and a signed
 * message to where the tenant wants it, tried again from the database until it is taken.
 */
@NullMarked
package io.mantle.controlplane.budget;

import org.jspecify.annotations.NullMarked;
