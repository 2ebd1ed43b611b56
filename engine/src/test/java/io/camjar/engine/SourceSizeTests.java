package io.camjar.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** No package of any module has more files than one can overlook, and no file written by hand. */
class SourceSizeTests {
  private static final int MOST_FILES = 25;
  private static final long MOST_BYTES = 40_000;

  /** Packages of one kind of thing, a file each, which grow with the number of things. */
  private static final Set<String> FAMILIES =
      Set.of("io/camjar/engine/op", "io/camjar/gradcam/method");

  /** What is built, and what belongs to tools. */
  private static final Set<String> PASSED_OVER = Set.of("target", "node_modules", ".git");

  /** Endings of files that people write; data and images may be as long as they are. */
  private static final Set<String> WRITTEN = Set.of("java", "py", "cl", "sh", "xml", "md", "");

  /** The same among sources; elsewhere they are what camjar has made. */
  private static final Set<String> PAGES = Set.of("html", "css", "js");

  @Test
  void allPackagesAreSmall() throws IOException {
    assertThat(Sources.below(root()).largePackages(FAMILIES)).isEmpty();
  }

  @Test
  void allFilesAreShort() throws IOException {
    Sources sources = Sources.below(root());

    assertThat(sources.packages).hasSizeGreaterThan(100);
    assertThat(sources.longFiles).isEmpty();
  }

  /** A rule that nothing can break guards nothing. */
  @Test
  void aLargePackageIsTold() throws IOException {
    assertThat(Sources.below(root()).largePackages(Set.of())).hasSameElementsAs(FAMILIES);
  }

  @Test
  void oneFileTooManyIsTold(@TempDir Path folder) throws IOException {
    Path one = Files.createDirectories(folder.resolve("module/src/main/java/a/b"));
    Files.createFile(one.resolve("package-info.java"));
    for (int i = 0; i < MOST_FILES; i++) {
      Files.createFile(one.resolve("File" + i + ".java"));
    }
    assertThat(Sources.below(folder).largePackages(FAMILIES)).isEmpty();

    Files.createFile(one.resolve("More.java"));

    assertThat(Sources.below(folder).largePackages(FAMILIES)).containsExactly("a/b");
  }

  @Test
  void aLongFileIsTold(@TempDir Path folder) throws IOException {
    Files.write(folder.resolve("data.f32"), new byte[(int) MOST_BYTES + 1]);
    Files.write(folder.resolve("script.py"), new byte[(int) MOST_BYTES]);
    Path built = Files.createDirectory(folder.resolve("target"));
    Files.write(built.resolve("Made.java"), new byte[(int) MOST_BYTES + 1]);
    assertThat(Sources.below(folder).longFiles).isEmpty();

    Files.write(folder.resolve("script.py"), new byte[(int) MOST_BYTES + 1]);

    assertThat(Sources.below(folder).longFiles).containsExactly(Path.of("script.py"));
  }

  /** The repository: the folder of Maven's wrapper, from wherever a module's tests are run. */
  private static Path root() {
    Path folder = Path.of("").toAbsolutePath();
    while (!Files.exists(folder.resolve("mvnw"))) {
      folder = folder.getParent();
    }
    return folder;
  }

  /**
   * What was found below a folder.
   *
   * @param packages files of each package of a program, {@code package-info} aside
   * @param longFiles those that are too long
   */
  private record Sources(Map<String, Integer> packages, Set<Path> longFiles) {
    static Sources below(Path root) throws IOException {
      Sources sources = new Sources(new TreeMap<>(), new TreeSet<>());
      Files.walkFileTree(
          root,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes facts) {
              return PASSED_OVER.contains(folder.getFileName().toString())
                  ? FileVisitResult.SKIP_SUBTREE
                  : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes facts) {
              sources.add(root.relativize(file), facts.size());
              return FileVisitResult.CONTINUE;
            }
          });
      return sources;
    }

    private void add(Path file, long bytes) {
      String name = file.getFileName().toString();
      String ending = name.contains(".") ? name.substring(name.lastIndexOf('.') + 1) : "";
      String path = file.toString().replace('\\', '/');
      boolean page = PAGES.contains(ending) && path.contains("src/");
      if ((page || WRITTEN.contains(ending)) && bytes > MOST_BYTES) {
        longFiles.add(file);
      }
      int at = path.indexOf("src/main/java/");
      if (at >= 0 && ending.equals("java") && !name.equals("package-info.java")) {
        int start = at + "src/main/java/".length();
        String folder = path.substring(start, Math.max(start, path.lastIndexOf('/')));
        packages.merge(folder, 1, Integer::sum);
      }
    }

    Set<String> largePackages(Set<String> families) {
      Set<String> large = new TreeSet<>(packages.keySet());
      large.removeIf(name -> packages.get(name) <= MOST_FILES || families.contains(name));
      return large;
    }
  }
}
