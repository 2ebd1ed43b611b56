package io.camjar.gradcam.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;

/** What holds of the packages of the library and of the command line alike. */
public final class PackageRules {
  /** What the command line is made of, and nobody who embeds the library wants. */
  private static final String[] COMMAND_LINE = {
    "picocli..", "me.tongfei..", "org.jline..", "io.camjar.gradcam.cli.."
  };

  private PackageRules() {}

  /** No package below {@code root}, nor {@code root} itself, depends on itself through others. */
  public static ArchRule haveNoCycles(String root) {
    return slices().assignedFrom(new Packages(root)).should().beFreeOfCycles();
  }

  /** Nothing needs the command line or its libraries. */
  public static ArchRule needNoCommandLine() {
    return noClasses().should().dependOnClassesThat().resideInAnyPackage(COMMAND_LINE);
  }

  /** A slice for each package, the root included, which a pattern of packages leaves out. */
  private record Packages(String root) implements SliceAssignment {
    @Override
    public SliceIdentifier getIdentifierOf(JavaClass javaClass) {
      String name = javaClass.getPackageName();
      return name.equals(root) || name.startsWith(root + ".")
          ? SliceIdentifier.of(name)
          : SliceIdentifier.ignore();
    }

    @Override
    public String getDescription() {
      return "packages of " + root;
    }
  }
}
