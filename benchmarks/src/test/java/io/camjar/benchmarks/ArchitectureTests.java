package io.camjar.benchmarks;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Benchmarks measure libraries, and their packages depend on each other one way. */
@Tag("any-jdk")
class ArchitectureTests {
  private static final JavaClasses BENCHMARKS =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("io.camjar.benchmarks");

  @Test
  void packagesHaveNoCycles() {
    slices().matching("io.camjar.benchmarks.(**)").should().beFreeOfCycles().check(BENCHMARKS);
  }

  /** What is told to another engine must not depend on ours. */
  @Test
  void theProtocolKnowsNoEngine() {
    knowsNoEngine("..benchmarks.protocol..").check(BENCHMARKS);
  }

  @Test
  void theRuleCanFail() {
    assertThatThrownBy(() -> knowsNoEngine("..benchmarks.engine..").check(BENCHMARKS))
        .isInstanceOf(AssertionError.class);
  }

  private static ArchRule knowsNoEngine(String packages) {
    return noClasses()
        .that()
        .resideInAPackage(packages)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.camjar.engine..", "io.camjar.gradcam..", "org.nd4j..");
  }
}
