package io.mantle.privacy;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.mantle.privacy.value.Plaintext;

/** The layout of the engine, held. */
@AnalyzeClasses(packages = "io.mantle.privacy", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {

  @ArchTest
  static final ArchRule detection_knowsNeitherSurrogatesNorRehydration =
      onlyTheseOfOurs("..privacy.detect..", "..privacy.detect..", "..privacy.match..");

  @ArchTest
  static final ArchRule surrogates_knowNeitherDetectionNorRehydration =
      onlyTheseOfOurs("..privacy.surrogate..", "..privacy.surrogate..");

  @ArchTest
  static final ArchRule rehydration_knowsNeitherDetectionNorSurrogates =
      onlyTheseOfOurs(
          "..privacy.rehydrate..",
          "..privacy.rehydrate..",
          "..privacy.match..",
          "..privacy.json..");

  @ArchTest
  static final ArchRule json_knowsNoStage = onlyTheseOfOurs("..privacy.json..", "..privacy.json..");

  @ArchTest
  static final ArchRule matching_knowsNoStage =
      onlyTheseOfOurs("..privacy.match..", "..privacy.match..");

  @ArchTest
  static final ArchRule values_seeNothing =
      classes()
          .that()
          .resideInAPackage("..privacy.value..")
          .should()
          .onlyDependOnClassesThat(
              resideInAnyPackage(
                  "java..", "javax.crypto..", "org.jspecify..", "..privacy.value.."));

  @ArchTest
  static final ArchRule packages_haveNoCycles =
      slices().matching("io.mantle.privacy.(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule engine_isALibrary =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.grpc..", "io.envoyproxy..", "java.net.http..", "org.slf4j..");

  @ArchTest
  static final ArchRule plaintext_isReadWhereItIsWorkedOn =
      noClasses()
          .that()
          .resideOutsideOfPackages(
              "io.mantle.privacy",
              "..privacy.detect..",
              "..privacy.surrogate..",
              "..privacy.rehydrate..",
              "..privacy.produced..",
              "..privacy.value..")
          .should()
          .callMethod(Plaintext.class, "reveal");

  /** Of the engine's own packages, {@code from} may know these and the values. */
  private static ArchRule onlyTheseOfOurs(String from, String... known) {
    String[] all = new String[known.length + 1];
    System.arraycopy(known, 0, all, 0, known.length);
    all[known.length] = "..privacy.value..";
    return noClasses()
        .that()
        .resideInAPackage(from)
        .should()
        .dependOnClassesThat(
            resideInAnyPackage("io.mantle.privacy..").and(resideOutsideOfPackages(all)));
  }
}
