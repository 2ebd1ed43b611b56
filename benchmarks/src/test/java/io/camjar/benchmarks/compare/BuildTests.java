package io.camjar.benchmarks.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BuildTests {
  @TempDir Path folder;

  @Test
  void aCheckoutHasItsJarAmongItsTargetsAndALauncher() throws IOException {
    Path checkout = folder.resolve("old");
    Path targets = Files.createDirectories(checkout.resolve("benchmarks/target"));
    Files.createDirectory(targets.resolve("lib"));
    Files.createFile(targets.resolve("benchmarks.jar"));
    assertThat(Files.createFile(checkout.resolve("camjar")).toFile().setExecutable(true)).isTrue();

    Build build = Build.in(checkout);

    assertThat(build.benchmarksJar()).isEqualTo(targets.resolve("benchmarks.jar"));
    assertThat(build.hasLauncher()).isTrue();
    assertThat(build.name()).isEqualTo("camjar-old");
  }

  @Test
  void aFolderOfJarsHasNoLauncher() throws IOException {
    Files.createDirectory(folder.resolve("lib"));
    Path jar = Files.createFile(folder.resolve("benchmarks.jar"));

    Build build = Build.in(folder);

    assertThat(build.benchmarksJar()).isEqualTo(jar);
    assertThat(build.hasLauncher()).isFalse();
  }

  @Test
  void aFolderWithoutABuildIsRefusedWithTheCommandThatMakesOne() {
    assertThatThrownBy(() -> Build.in(folder))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(folder + " has no built benchmarks")
        .hasMessageContaining("./mvnw -Pquick -DskipTests package");
  }

  @Test
  void aJarWithoutItsLibrariesIsNoBuild() throws IOException {
    Files.createFile(folder.resolve("benchmarks.jar"));

    assertThatThrownBy(() -> Build.in(folder)).hasMessageContaining("lib");
  }
}
