package io.camjar.gradcam;

import static io.camjar.gradcam.architecture.PackageRules.haveNoCycles;
import static io.camjar.gradcam.architecture.PackageRules.needNoCommandLine;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.camjar.gradcam.architecture.one.One;
import io.camjar.gradcam.architecture.two.Two;
import org.junit.jupiter.api.Test;

/** The library's packages depend on each other one way, and on no command line. */
class ArchitectureTests {
  private static final String ROOT = "io.camjar.gradcam";
  private static final JavaClasses LIBRARY =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages(ROOT);

  @Test
  void packagesHaveNoCycles() {
    haveNoCycles(ROOT).check(LIBRARY);
  }

  @Test
  void theLibraryNeedsNoCommandLine() {
    needNoCommandLine().check(LIBRARY);
  }

  @Test
  void aCycleIsFound() {
    JavaClasses cycle = new ClassFileImporter().importClasses(One.class, Two.class);
    assertThatThrownBy(() -> haveNoCycles(ROOT).check(cycle))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("architecture.one");
  }
}
