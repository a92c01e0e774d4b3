package io.mantle.vault;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.mantle.privacy.value.Plaintext;

/** The layout of the vault, held. */
@AnalyzeClasses(packages = "io.mantle.vault", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
  @ArchTest
  static final ArchRule lettuce_isKnownToRedisAlone =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.mantle.vault.redis")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.lettuce..", "io.netty..");

  @ArchTest
  static final ArchRule keyServices_areAskedInOnePlace =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.mantle.vault.kms")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("software.amazon..", "com.google.auth..", "java.net.http..");

  @ArchTest
  static final ArchRule tink_isKnownToTheKeysAlone =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.mantle.vault.keys")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("com.google.crypto.tink..");

  @ArchTest
  static final ArchRule stores_knowNoKeysAndNoTexts =
      noClasses()
          .that()
          .resideInAnyPackage("io.mantle.vault.store", "io.mantle.vault.redis")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.mantle.vault.keys", "io.mantle.privacy..");

  @ArchTest
  static final ArchRule plaintext_isReadByTheCodecAndForTheIndexAlone =
      noClasses()
          .that()
          .doNotHaveFullyQualifiedName("io.mantle.vault.EntryCodec")
          .and()
          .doNotHaveFullyQualifiedName("io.mantle.vault.Subject")
          .should()
          .callMethod(Plaintext.class, "reveal");

  @ArchTest
  static final ArchRule packages_haveNoCycles =
      slices().matching("io.mantle.vault.(*)..").should().beFreeOfCycles();
}
