package io.camjar.gradcam.cli;

import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static io.camjar.gradcam.architecture.PackageRules.haveNoCycles;
import static io.camjar.gradcam.architecture.PackageRules.needNoCommandLine;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.Architectures.LayeredArchitecture;
import io.camjar.gradcam.architecture.one.One;
import io.camjar.gradcam.architecture.two.Two;
import io.camjar.gradcam.cli.layers.LayersCommand;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The commands do not know each other, and what they share does not know them. */
class ArchitectureTests {
  private static final int MOST_FILES = 25;
  private static final String ROOT = "io.camjar.gradcam.cli";
  private static final JavaClasses PROGRAM =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages(ROOT);

  @Test
  void packagesHaveNoCycles() {
    haveNoCycles(ROOT).check(PROGRAM);
  }

  @Test
  void commandsStandAlone() {
    commandsAlone("layers").check(PROGRAM);
  }

  @Test
  void packagesStaySmall() {
    Map<String, Long> files =
        PROGRAM.stream()
            .filter(JavaClass::isTopLevelClass)
            .collect(Collectors.groupingBy(JavaClass::getPackageName, Collectors.counting()));

    assertThat(files.values()).allMatch(count -> count <= MOST_FILES);
  }

  @Test
  void aCycleIsFound() {
    JavaClasses cycle = new ClassFileImporter().importClasses(One.class, Two.class);
    assertThatThrownBy(() -> haveNoCycles("io.camjar.gradcam").check(cycle))
        .isInstanceOf(AssertionError.class);
  }

  @Test
  void aCommandThatIsNeededElsewhereIsFound() {
    assertThatThrownBy(() -> commandsAlone("options").check(PROGRAM))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("cli.options");
  }

  /** The library's rule, tried on what it is there to keep away. */
  @Test
  void aLibraryThatNeedsTheCommandLineIsFound() {
    JavaClasses command = new ClassFileImporter().importClasses(LayersCommand.class);
    assertThatThrownBy(() -> needNoCommandLine().check(command))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("picocli");
  }

  /** All packages of commands, of which {@code one} is, are known to the root alone. */
  private static LayeredArchitecture commandsAlone(String one) {
    LayeredArchitecture rule =
        layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .layer("root")
            .definedBy(ROOT)
            .layer("shared")
            .definedBy(ROOT + ".errors", ROOT + ".images", ROOT + ".output", ROOT + ".start");
    for (String command :
        new String[] {
          "compare", "convert", "doctor", "evaluate", "explain", "inspect", "serve", one
        }) {
      rule =
          rule.layer(command)
              .definedBy(ROOT + "." + command)
              .whereLayer(command)
              .mayOnlyBeAccessedByLayers("root");
    }
    return rule;
  }
}
