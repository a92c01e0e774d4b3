package io.mantle.extproc;

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

/** The layout of the ext_proc server, held. */
@AnalyzeClasses(packages = "io.mantle.extproc", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
  private static final String ROOT = "io.mantle.extproc";

  @ArchTest
  static final ArchRule requestAndResponse_doNotKnowEachOther =
      noClasses()
          .that()
          .resideInAPackage("..request..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("..extproc.response..");

  @ArchTest
  static final ArchRule responseAndRequest_doNotKnowEachOther =
      noClasses()
          .that()
          .resideInAPackage("..response..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("..extproc.request..", "..extproc.tenant..", "..extproc.usage..");

  @ArchTest
  static final ArchRule stages_doNotKnowTheStream =
      noClasses()
          .that()
          .resideInAnyPackage(
              "..request..",
              "..response..",
              "..tenant..",
              "..usage..",
              "..deletion..",
              "..limit..",
              "..extproc.trace..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("..extproc.stream..");

  @ArchTest
  static final ArchRule values_seeNoStage =
      classes()
          .that()
          .resideInAPackage("..extproc.value..")
          .should()
          .onlyDependOnClassesThat(
              resideInAnyPackage(
                  "java..", "org.jspecify..", "io.mantle.extproc.value..", "io.mantle.privacy.."));

  @ArchTest
  static final ArchRule dialects_areTables =
      noClasses()
          .that()
          .resideInAPackage("..extproc.dialect..")
          .should()
          .dependOnClassesThat(
              resideInAnyPackage("io.mantle.extproc..")
                  .and(
                      resideOutsideOfPackages(
                          "io.mantle.extproc.dialect..", "io.mantle.extproc.value..")));

  @ArchTest
  static final ArchRule grpcAndEnvoy_areKnownToTheStreamAndTheClients =
      noClasses()
          .that()
          .resideOutsideOfPackages("..extproc.stream..", "..extproc.relay..", ROOT)
          .and()
          .haveNameNotMatching(
              ".*\\.tenant\\.(PolicySubscription|PolicyMessages|ReadDelta|Tightening|LastGoodPolicies)(\\$.*)?|.*\\.usage\\.(UsageReporter|UsageRows)(\\$.*)?"
                  + "|.*\\.record\\.ExchangeRecorder(\\$.*)?"
                  + "|.*\\.deletion\\.DeletionSubscription(\\$.*)?")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "io.grpc..", "io.envoyproxy..", "com.google.protobuf..", "io.mantle.proto..");

  @ArchTest
  static final ArchRule envoy_isKnownToTheStreamAndTheRelayAlone =
      noClasses()
          .that()
          .resideOutsideOfPackages("..extproc.stream..", "..extproc.relay..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.envoyproxy..");

  @ArchTest
  static final ArchRule lettuce_isKnownToTheLimiterAlone =
      noClasses()
          .that()
          .resideOutsideOfPackage("..extproc.limit..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.lettuce..", "io.github.resilience4j..");

  @ArchTest
  static final ArchRule metrics_areTheRootsAffair =
      noClasses()
          .that()
          .resideOutsideOfPackage(ROOT)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.micrometer..", "com.sun.net.httpserver..");

  @ArchTest
  static final ArchRule openTelemetry_isKnownToTheTracesAlone =
      noClasses()
          .that()
          .resideOutsideOfPackage("..extproc.trace..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.opentelemetry..");

  @ArchTest
  static final ArchRule packages_haveNoCycles =
      slices().matching("io.mantle.extproc.(*)..").should().beFreeOfCycles();

  /** Here texts are handed on; only the engine reads them. */
  @ArchTest
  static final ArchRule plaintext_isNotReadHere =
      noClasses().should().callMethod(Plaintext.class, "reveal");
}
