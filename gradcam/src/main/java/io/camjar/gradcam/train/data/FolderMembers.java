package io.camjar.gradcam.train.data;

import io.camjar.gradcam.image.ImageFileFilter;
import java.io.IOException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;

/** The files of a folder. */
final class FolderMembers {
  private FolderMembers() {}

  /**
   * Folders and images below {@code root/part}, with paths relative to the root. Links are followed
   * unless they lead back to a folder that they lie in.
   *
   * @throws io.camjar.engine.CamjarException if a name is none in the system's encoding: several
   *     such would be one
   */
  static List<Dataset.Member> list(Path root, String part) throws IOException {
    List<Path> paths = new ArrayList<>();
    Files.walkFileTree(
        root.resolve(part),
        EnumSet.of(FileVisitOption.FOLLOW_LINKS),
        Integer.MAX_VALUE,
        new Visitor(paths));
    paths.sort(null);
    List<Dataset.Member> members = new ArrayList<>();
    for (Path file : paths) {
      String path = root.relativize(file).toString().replace('\\', '/');
      boolean hidden = path.contains("/.");
      if (!hidden && Files.isDirectory(file)) {
        members.add(new Dataset.Member(path, true, () -> new byte[0]));
      } else if (!hidden && ImageFileFilter.isMeantAsImage(file)) {
        members.add(new Dataset.Member(path, false, () -> Files.readAllBytes(file)));
      } else {
        continue;
      }
      ImageFileFilter.requireText(file);
    }
    return members;
  }

  private static final class Visitor extends SimpleFileVisitor<Path> {
    private final List<Path> paths;

    Visitor(List<Path> paths) {
      this.paths = paths;
    }

    @Override
    public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
      paths.add(folder);
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
      paths.add(file);
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path path, IOException problem) throws IOException {
      if (problem instanceof FileSystemLoopException) {
        return FileVisitResult.CONTINUE; // what it leads to is found without it
      }
      throw problem;
    }
  }
}
