package io.mantle.gateway;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.condition.EnabledIf;

/** Skips a test, with this reason, where {@link SharedCases} are not beside the project. */
@Target({ElementType.METHOD, ElementType.TYPE})
@Retention(RetentionPolicy.RUNTIME)
@EnabledIf(
    value = "io.mantle.gateway.SharedCases#areHere",
    disabledReason = "../shared/cases is not here")
@interface NeedsSharedCases {}
