package io.camjar.gradcam;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static io.camjar.gradcam.architecture.PackageRules.haveNoCycles;
import static io.camjar.gradcam.architecture.PackageRules.needNoCommandLine;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import io.camjar.gradcam.architecture.one.One;
import io.camjar.gradcam.architecture.two.Two;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The library's packages depend on each other one way, and on no command line. */
@Tag("any-jdk")
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

  @Test
  void noWitherSharesItsNameWithAGetter() {
    withersHaveNamesOfTheirOwn().check(LIBRARY);
  }

  /** A getter and a wither of one name, which the rule has to find. */
  record Shared(int size) {
    Shared size(int other) {
      return new Shared(other);
    }
  }

  @Test
  void aWitherThatSharesItsNameIsFound() {
    JavaClasses shared = new ClassFileImporter().importClasses(Shared.class);
    assertThatThrownBy(() -> withersHaveNamesOfTheirOwn().check(shared))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("Shared.size(int)");
  }

  private static ArchRule withersHaveNamesOfTheirOwn() {
    DescribedPredicate<JavaMethod> wither =
        DescribedPredicate.describe(
            "return another object of their own class",
            method ->
                !method.getModifiers().contains(JavaModifier.STATIC)
                    && !method.getRawParameterTypes().isEmpty()
                    && method.getRawReturnType().equals(method.getOwner()));
    return methods()
        .that(wither)
        .should(
            new ArchCondition<JavaMethod>("have no getter of their name") {
              @Override
              public void check(JavaMethod method, ConditionEvents events) {
                if (method.getOwner().tryGetMethod(method.getName()).isPresent()) {
                  events.add(SimpleConditionEvent.violated(method, method.getFullName()));
                }
              }
            });
  }
}
