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
import io.camjar.engine.graph.GraphBuilder;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The arrows between the engine's packages point one way. */
@Tag("any-jdk")
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

  /** A graph knows no backend, a backend no model, and an operation only the loops. */
  @Test
  void modelUsesRunUsesGraphUsesOp() {
    layeredArchitecture()
        .consideringOnlyDependenciesInAnyPackage("io.camjar.engine..")
        .layer("op")
        .definedBy("..engine.op..")
        .layer("graph")
        .definedBy("..engine.graph..")
        .layer("run")
        .definedBy("..engine.run..")
        .layer("array")
        .definedBy("..engine.backend.array..")
        .layer("cpu")
        .definedBy("..engine.backend.cpu..")
        .layer("model")
        .definedBy("..engine.model..")
        .layer("train")
        .definedBy("..engine.train..")
        .layer("check")
        .definedBy("..engine.check..")
        .layer("hook")
        .definedBy("..engine.hook..")
        .layer("device")
        .definedBy("..engine.device..")
        .whereLayer("op")
        .mayOnlyBeAccessedByLayers("graph", "run", "array", "cpu", "model", "train", "check")
        .whereLayer("graph")
        .mayOnlyBeAccessedByLayers("run", "array", "cpu", "model", "train", "check", "hook")
        .whereLayer("run")
        .mayOnlyBeAccessedByLayers("array", "cpu", "model", "train", "check", "hook")
        .whereLayer("array")
        .mayOnlyBeAccessedByLayers("model")
        .whereLayer("cpu")
        .mayNotBeAccessedByAnyLayer()
        .whereLayer("model")
        .mayOnlyBeAccessedByLayers("train", "hook")
        .whereLayer("hook")
        .mayOnlyBeAccessedByLayers("train")
        .whereLayer("train")
        .mayNotBeAccessedByAnyLayer()
        .whereLayer("device")
        .mayNotBeAccessedByAnyLayer()
        .check(ENGINE);
  }

  @Test
  void theEngineKnowsNothingOfFilesOrImages() {
    knowsNoFiles().check(ENGINE);
  }

  @Test
  void operationsAndGraphsHoldNoCache() {
    fields()
        .that()
        .areDeclaredInClassesThat()
        .resideInAnyPackage("..engine.op..", "..engine.graph..")
        .and()
        .areDeclaredInClassesThat()
        .areNotAssignableTo(GraphBuilder.class)
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
        .because("the engine works on tensors; files and images belong to the other modules");
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
