package io.camjar.weights.bytes;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import org.jspecify.annotations.Nullable;

/**
 * What a file looked like when it was opened, to tell later whether somebody has written to it. A
 * file that was removed, or whose name now belongs to another one, is as it was for who has it
 * open.
 *
 * @param key what tells files apart whatever their names, null where the system has nothing
 */
record FileStamp(Path path, @Nullable Object key, long size, FileTime modified) {

  static FileStamp of(Path path) throws IOException {
    BasicFileAttributes found = Files.readAttributes(path, BasicFileAttributes.class);
    return new FileStamp(path, found.fileKey(), found.size(), found.lastModifiedTime());
  }

  void requireUnchanged() {
    FileStamp now;
    try {
      now = of(path);
    } catch (IOException e) {
      return; // It has no name any more, and is still open.
    }
    boolean same = key == null || key.equals(now.key);
    if (same && (size != now.size || !modified.equals(now.modified))) {
      throw new Malformed(
          "was written to after it was loaded",
          "load it again, and replace a file in use by renaming a new one to its name");
    }
  }
}
