package io.camjar.gradcam.cli.images;

import io.camjar.engine.CamjarException;
import io.camjar.gradcam.Labels;
import io.camjar.gradcam.cli.errors.FileProblems;
import io.camjar.gradcam.image.ImageFileFilter;
import java.io.IOException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds the images that words on the command line mean: files, folders with all below them, and
 * patterns. Each image once, in the order of the words and below a folder in that of the paths;
 * what is hidden and the folder of results are not searched.
 */
public final class ImageSearch {
  private static final Set<String> LEFT_BEHIND = Set.of("__MACOSX", "@eaDir");

  private final @Nullable Path results;
  private final Map<Path, FoundImage> found = new LinkedHashMap<>();
  private int passedOver;

  private ImageSearch(@Nullable Path results) {
    this.results = results == null ? null : absolute(results);
  }

  /**
   * Searches.
   *
   * @param results where results go: never searched for images; null if nowhere
   * @throws CamjarException if a folder or pattern holds no image or cannot be listed
   */
  public static ImageSearch of(List<String> words, @Nullable Path results) {
    ImageSearch search = new ImageSearch(results);
    words.forEach(search::find);
    return search;
  }

  /** The images. */
  public List<FoundImage> pictures() {
    return List.copyOf(found.values());
  }

  /** How many files in folders, or matching a pattern, are no images. */
  public int passedOver() {
    return passedOver;
  }

  /** What the images show, as far as their folders say. */
  public TrueClasses classes(Labels labels) {
    return TrueClasses.of(
        found.values().stream().map(found -> found.classFolder(labels)).distinct().toList(),
        labels);
  }

  private void find(String word) {
    boolean mayBePattern = PathPattern.isOne(word);
    // A path on some systems cannot hold a pattern's characters.
    if (!mayBePattern || Files.exists(Path.of(word))) {
      Path path = Path.of(word);
      if (Files.isDirectory(path)) {
        require(below(path), path + " holds no images, in itself or in folders below it");
      } else {
        add(path, absolute(path).getParent(), absolute(path).getParent());
      }
    } else {
      require(
          matching(PathPattern.of(word)),
          "no image matches '%s'; letter case counts, ** stands for any folders".formatted(word));
    }
  }

  private static void require(int pictures, String otherwise) {
    if (pictures == 0) {
      throw new CamjarException(
          otherwise + "; name JPEG, PNG, GIF, BMP, TIFF, WebP or DICOM files");
    }
  }

  /** Adds all below a folder; returns how many images that are. */
  private int below(Path folder) {
    Path root = absolute(folder);
    int count = 0;
    for (Path file : list(folder, Integer.MAX_VALUE)) {
      Path relative = root.relativize(absolute(file));
      count +=
          addIfImage(
              file, relative.getNameCount() > 1 ? root.resolve(relative.getName(0)) : root, root);
    }
    return count;
  }

  private int matching(PathPattern pattern) {
    int count = 0;
    for (Path path : list(pattern.base(), pattern.depth())) {
      if (pattern.matches(path)) {
        count +=
            Files.isDirectory(path)
                ? below(path)
                : addIfImage(path, absolute(path).getParent(), absolute(path).getParent());
      }
    }
    return count;
  }

  private int addIfImage(Path file, Path classFolder, Path root) {
    if (ImageFileFilter.isMeantAsImage(file)) {
      add(file, classFolder, root);
      return 1;
    }
    passedOver++;
    return 0;
  }

  private void add(Path file, Path classFolder, Path root) {
    found.putIfAbsent(absolute(file), new FoundImage(file, classFolder, root));
  }

  /** Files below a folder, and the folders at the greatest depth, in the order of their paths. */
  private List<Path> list(Path folder, int depth) {
    List<Path> paths = new ArrayList<>();
    try {
      Files.walkFileTree(
          folder, EnumSet.of(FileVisitOption.FOLLOW_LINKS), depth, new Visitor(folder, paths));
    } catch (IOException e) {
      throw new CamjarException(
          "%s could not be searched, %s".formatted(folder, FileProblems.describe(e)), e);
    }
    paths.sort(null);
    return paths;
  }

  /**
   * Whether a file or folder is one that systems leave behind: a hidden one, what macOS puts into
   * archives, what Synology's file station puts next to images.
   */
  static boolean isHidden(Path path) {
    Path name = path.getFileName();
    return name != null
        && (name.toString().startsWith(".") || LEFT_BEHIND.contains(name.toString()));
  }

  private static Path absolute(Path path) {
    return path.toAbsolutePath().normalize();
  }

  private final class Visitor extends SimpleFileVisitor<Path> {
    private final Path root;
    private final List<Path> paths;

    Visitor(Path root, List<Path> paths) {
      this.root = root;
      this.paths = paths;
    }

    @Override
    public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
      boolean searched =
          folder.equals(root) || !(isHidden(folder) || absolute(folder).equals(results));
      return searched ? FileVisitResult.CONTINUE : FileVisitResult.SKIP_SUBTREE;
    }

    @Override
    public FileVisitResult visitFile(Path path, BasicFileAttributes attributes) {
      boolean wanted = attributes.isRegularFile() || attributes.isDirectory();
      if (wanted && !isHidden(path) && !absolute(path).equals(results)) {
        paths.add(path);
      }
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path path, IOException problem) throws IOException {
      boolean leadsNowhere =
          problem instanceof FileSystemLoopException || problem instanceof NoSuchFileException;
      if (leadsNowhere && !path.equals(root)) {
        return FileVisitResult.CONTINUE;
      }
      throw problem;
    }
  }
}
