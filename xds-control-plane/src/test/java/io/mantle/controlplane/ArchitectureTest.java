package io.mantle.controlplane;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.mantle.privacy.value.Plaintext;
import org.junit.jupiter.api.Test;

/** The layout: a change goes from admin to database to snapshot to xds, and nobody looks back. */
final class ArchitectureTest {
  private static final String ROOT = "io.mantle.controlplane";
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages(ROOT);

  @Test
  void database_knowsNoOtherStage() {
    noClasses()
        .that()
        .resideInAPackage(ROOT + ".database..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            ROOT, ROOT + ".admin..", ROOT + ".identity..", ROOT + ".snapshot..", ROOT + ".xds..")
        .check(CLASSES);
  }

  @Test
  void identity_knowsTheDatabaseAlone() {
    noClasses()
        .that()
        .resideInAPackage(ROOT + ".identity..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(ROOT, ROOT + ".admin..", ROOT + ".snapshot..", ROOT + ".xds..")
        .check(CLASSES);
  }

  @Test
  void snapshot_knowsTheRowsAlone() {
    noClasses()
        .that()
        .resideInAPackage(ROOT + ".snapshot..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            ROOT, ROOT + ".admin..", ROOT + ".identity..", ROOT + ".preview..", ROOT + ".xds..")
        .check(CLASSES);
  }

  @Test
  void preview_knowsTheStoredPolicyAndHowItIsPublished() {
    noClasses()
        .that()
        .resideInAPackage(ROOT + ".preview..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(ROOT, ROOT + ".admin..", ROOT + ".identity..", ROOT + ".xds..")
        .check(CLASSES);
  }

  @Test
  void xds_knowsNeitherAdminNorMain() {
    noClasses()
        .that()
        .resideInAPackage(ROOT + ".xds..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(ROOT, ROOT + ".admin..", ROOT + ".identity..")
        .check(CLASSES);
  }

  @Test
  void probe_knowsNeitherAdminNorXdsNorMain() {
    noClasses()
        .that()
        .resideInAPackage(ROOT + ".probe..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(ROOT, ROOT + ".admin..", ROOT + ".identity..", ROOT + ".xds..")
        .check(CLASSES);
  }

  /** What tenants name is called from the one place that judges its address. */
  @Test
  void outgoingCalls_areMadeByTheProbeAlone() {
    noClasses()
        .that()
        .resideOutsideOfPackages(ROOT + ".probe..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("java.net.http..")
        .orShould()
        .dependOnClassesThat()
        .haveFullyQualifiedName("java.net.Socket")
        .orShould()
        .dependOnClassesThat()
        .haveFullyQualifiedName("java.net.URLConnection")
        .check(CLASSES);
  }

  @Test
  void packages_haveNoCycles() {
    slices().matching(ROOT + ".(*)..").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void jdbc_staysInTheDatabasePackage() {
    noClasses()
        .that()
        .resideOutsideOfPackage(ROOT + ".database..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "java.sql..", "javax.sql..", "org.postgresql..", "org.jdbi..", "com.zaxxer..")
        .check(CLASSES);
  }

  @Test
  void grpcAndEnvoyTypes_stayInSnapshotAndXds() {
    noClasses()
        .that()
        .resideOutsideOfPackages(ROOT + ".snapshot..", ROOT + ".xds..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "io.grpc..", "io.envoyproxy..", "com.google.protobuf..", "io.mantle.proto..")
        .check(CLASSES);
  }

  /** But for the value that an erasure hands on to the sidecars. */
  @Test
  void plaintext_isReadByThePreviewAlone() {
    noClasses()
        .that()
        .resideOutsideOfPackage(ROOT + ".preview..")
        .and()
        .doNotHaveFullyQualifiedName(ROOT + ".xds.SidecarVaults")
        .should()
        .callMethod(Plaintext.class, "reveal")
        .check(CLASSES);
  }

  @Test
  void http_staysInTheAdminPackage() {
    noClasses()
        .that()
        .resideOutsideOfPackage(ROOT + ".admin..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.javalin..", "org.eclipse.jetty..")
        .check(CLASSES);
  }
}
