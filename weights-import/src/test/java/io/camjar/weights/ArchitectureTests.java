package io.camjar.weights;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The arrows between this module's packages, and what none of them may do. */
@Tag("any-jdk")
class ArchitectureTests {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("io.camjar.weights");

  @Test
  void packagesHaveNoCycles() {
    slices().matching("io.camjar.weights.(**)").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void arrowsPointFromFilesToBytes() {
    layeredArchitecture()
        .consideringOnlyDependenciesInLayers()
        .layer("api")
        .definedBy("io.camjar.weights")
        .layer("container")
        .definedBy("io.camjar.weights.container..")
        .layer("formats")
        .definedBy(
            "io.camjar.weights.torch..",
            "io.camjar.weights.npy..",
            "io.camjar.weights.onnx..",
            "io.camjar.weights.safetensors..")
        .layer("names")
        .definedBy("io.camjar.weights.names..")
        .layer("pickle")
        .definedBy("io.camjar.weights.pickle..")
        .layer("zip")
        .definedBy("io.camjar.weights.zip..")
        .layer("tensor")
        .definedBy("io.camjar.weights.tensor..")
        .layer("bytes")
        .definedBy("io.camjar.weights.bytes..")
        .whereLayer("api")
        .mayNotBeAccessedByAnyLayer()
        .whereLayer("container")
        .mayOnlyBeAccessedByLayers("api")
        .whereLayer("names")
        .mayOnlyBeAccessedByLayers("api")
        .whereLayer("formats")
        .mayOnlyBeAccessedByLayers("container", "api")
        .whereLayer("pickle")
        .mayOnlyBeAccessedByLayers("formats", "container")
        .whereLayer("zip")
        .mayOnlyBeAccessedByLayers("formats", "container")
        .whereLayer("tensor")
        .mayOnlyBeAccessedByLayers("formats", "container", "names", "api")
        .check(CLASSES);
  }

  /** A file is data: nothing here looks a class up by name, starts a process or deserialises. */
  @Test
  void nothingIsResolvedByName() {
    resolveNothingByName().check(CLASSES);
  }

  @Test
  void knowsNoImagesAndNoCommandLine() {
    knowOnlyFiles().check(CLASSES);
  }

  /** A rule that nothing can break guards nothing. */
  @Test
  void theRulesCanFail() {
    JavaClasses offender = new ClassFileImporter().importClasses(Offender.class);
    assertThatThrownBy(() -> resolveNothingByName().check(offender))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("forName");
    assertThatThrownBy(() -> knowOnlyFiles().check(offender))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("BufferedImage");
  }

  private static ArchRule knowOnlyFiles() {
    return noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("java.awt..", "javax.imageio..", "picocli..", "me.tongfei..");
  }

  private static ArchRule resolveNothingByName() {
    return noClasses()
        .should()
        .callMethod(Class.class, "forName", String.class)
        .orShould()
        .dependOnClassesThat()
        .haveNameMatching(
            "java\\.lang\\.(reflect\\..*|invoke\\.MethodHandles|Runtime|ProcessBuilder|ClassLoader)"
                + "|java\\.io\\.ObjectInputStream|javax\\.script\\..*");
  }

  static final class Offender {
    Class<?> named(String name) throws ClassNotFoundException {
      return Class.forName(name);
    }

    java.awt.image.BufferedImage image() {
      return new java.awt.image.BufferedImage(1, 1, java.awt.image.BufferedImage.TYPE_INT_RGB);
    }
  }
}
