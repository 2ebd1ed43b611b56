package io.camjar.weights;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The arrows between this module's packages, and what none of them may do. */
class ArchitectureTests {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("io.camjar.weights");

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
    noClasses()
        .should()
        .callMethod(Class.class, "forName", String.class)
        .orShould()
        .dependOnClassesThat()
        .haveNameMatching(
            "java\\.lang\\.(reflect\\..*|invoke\\.MethodHandles|Runtime|ProcessBuilder|ClassLoader)"
                + "|java\\.io\\.ObjectInputStream|javax\\.script\\..*")
        .check(CLASSES);
  }
}
