package io.camjar.engine;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import org.junit.jupiter.api.Test;

/** The arrows between the engine's packages point one way. */
class ArchitectureTests {
  private static final JavaClasses ENGINE =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("io.camjar.engine");

  @Test
  void packagesHaveNoCycles() {
    slices().matching("io.camjar.engine.(**)").should().beFreeOfCycles().check(ENGINE);
  }

  /** The process may run without the incubator module: only these classes need it. */
  @Test
  void vectorsAreConfinedToTheirKernels() {
    confinesVectors().check(ENGINE);
  }

  @Test
  void modelUsesNnUsesTraceUsesKernel() {
    layeredArchitecture()
        .consideringOnlyDependenciesInAnyPackage("io.camjar.engine..")
        .layer("kernel")
        .definedBy("..engine.kernel..")
        .layer("trace")
        .definedBy("..engine.trace..")
        .layer("nn")
        .definedBy("..engine.nn..")
        .layer("model")
        .definedBy("..engine.model..")
        .layer("check")
        .definedBy("..engine.check..")
        .layer("plan")
        .definedBy("..engine.plan..")
        .whereLayer("nn")
        .mayOnlyBeAccessedByLayers("model", "check", "plan")
        .whereLayer("trace")
        .mayOnlyBeAccessedByLayers("nn", "model", "check", "plan")
        .whereLayer("plan")
        .mayNotBeAccessedByAnyLayer()
        .check(ENGINE);
  }

  @Test
  void theEngineKnowsNothingOfFilesOrPictures() {
    knowsNoFiles().check(ENGINE);
  }

  @Test
  void layersHoldNoCache() {
    fields()
        .that()
        .areDeclaredInClassesThat()
        .resideInAPackage("..engine.nn..")
        .should()
        .beFinal()
        .check(ENGINE);
  }

  /** A rule that nothing can break guards nothing. */
  @Test
  void theRulesCanFail() {
    JavaClasses offender = new ClassFileImporter().importClasses(ReadsFiles.class);
    assertThatThrownBy(() -> knowsNoFiles().check(offender)).isInstanceOf(AssertionError.class);
  }

  @Test
  void aVectorElsewhereIsTold() {
    JavaClasses offender = new ClassFileImporter().importClasses(HasVectors.class);
    assertThatThrownBy(() -> confinesVectors().check(offender)).isInstanceOf(AssertionError.class);
  }

  private static ArchRule confinesVectors() {
    return noClasses()
        .that()
        .resideOutsideOfPackage("..engine.kernel.simd..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("jdk.incubator.vector..");
  }

  private static ArchRule knowsNoFiles() {
    return noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("java.nio.file..", "java.awt..", "javax.imageio..")
        .because("the engine works on tensors; files and pictures belong to the other modules");
  }

  static final class ReadsFiles {
    java.nio.file.Path path() {
      return java.nio.file.Path.of(".");
    }
  }

  static final class HasVectors {
    jdk.incubator.vector.FloatVector vector() {
      throw new UnsupportedOperationException();
    }
  }
}
