package io.camjar.gradcam.serve;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static io.camjar.gradcam.architecture.PackageRules.haveNoCycles;
import static io.camjar.gradcam.architecture.PackageRules.needNoCommandLine;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The service's packages depend on each other one way, and only some know that there is HTTP. */
@Tag("any-jdk")
class ArchitectureTests {
  private static final String ROOT = "io.camjar.gradcam.serve";
  private static final JavaClasses SERVICE =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages(ROOT);

  @Test
  void packagesHaveNoCycles() {
    haveNoCycles(ROOT).check(SERVICE);
  }

  @Test
  void theServiceNeedsNoCommandLine() {
    needNoCommandLine().check(SERVICE);
  }

  @Test
  void protocolsLimitsAndModelsKnowNoHttpServer() {
    noClasses()
        .that()
        .resideInAnyPackage(ROOT + ".protocol", ROOT + ".limits", ROOT + ".models")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.javalin..", "org.eclipse.jetty..", "jakarta..", "io.micrometer..")
        .check(SERVICE);
  }
}
