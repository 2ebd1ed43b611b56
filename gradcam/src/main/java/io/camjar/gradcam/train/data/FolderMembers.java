package io.camjar.gradcam.train.data;

import io.camjar.gradcam.image.ImageFileFilter;
import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The files of a folder. */
final class FolderMembers {
  private FolderMembers() {}

  /** Folders and images below {@code root/part}, with paths relative to the root. */
  static List<Dataset.Member> list(Path root, String part) throws IOException {
    List<Dataset.Member> members = new ArrayList<>();
    try (Stream<Path> files = Files.walk(root.resolve(part), FileVisitOption.FOLLOW_LINKS)) {
      for (Path file : (Iterable<Path>) files.sorted()::iterator) {
        String path = root.relativize(file).toString().replace('\\', '/');
        boolean hidden = path.contains("/.");
        if (!hidden && Files.isDirectory(file)) {
          members.add(new Dataset.Member(path, true, () -> new byte[0]));
        } else if (!hidden && ImageFileFilter.isMeantAsImage(file)) {
          members.add(new Dataset.Member(path, false, () -> Files.readAllBytes(file)));
        }
      }
    }
    return members;
  }
}
