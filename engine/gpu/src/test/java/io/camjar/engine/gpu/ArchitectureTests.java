package io.camjar.engine.gpu;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The module's packages depend on each other one way, and drivers are known at the edge only. */
@Tag("any-jdk")
class ArchitectureTests {
  private static final String ROOT = "io.camjar.engine.gpu";
  private static final JavaClasses DEVICES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages(ROOT);

  @Test
  void packagesHaveNoCycles() {
    slices().matching(ROOT + ".(**)").should().beFreeOfCycles().check(DEVICES);
  }

  /** Steps and arithmetic see a device through {@code device}, so one text serves all drivers. */
  @Test
  void onlyDriversKnowOpenClAndCuda() {
    noClasses()
        .that()
        .resideOutsideOfPackages(ROOT + ".cuda", ROOT + ".opencl")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.lwjgl.opencl..", "org.lwjgl.cuda..")
        .check(DEVICES);
  }

  @Test
  void driversKnowNoNetworks() {
    noClasses()
        .that()
        .resideInAnyPackage(ROOT + ".cuda", ROOT + ".opencl", ROOT + ".device")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "io.camjar.engine.model..", "io.camjar.engine.graph..", "io.camjar.engine.op..")
        .check(DEVICES);
  }
}
