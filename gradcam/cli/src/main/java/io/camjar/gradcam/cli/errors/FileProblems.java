package io.camjar.gradcam.cli.errors;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/** Says in words what the file system refused. */
public final class FileProblems {
  private FileProblems() {}

  /** One clause that names the file and the cause. */
  public static String describe(IOException problem) {
    if (!(problem instanceof FileSystemException inFile)) {
      return problem.getMessage() == null ? problem.toString() : problem.getMessage();
    }
    return inFile.getFile() + ": " + cause(inFile);
  }

  private static String cause(FileSystemException problem) {
    if (problem instanceof NoSuchFileException) {
      return "there is no such file or folder";
    }
    if (problem instanceof AccessDeniedException) {
      return "permission denied";
    }
    if (problem instanceof NotDirectoryException || problem instanceof FileAlreadyExistsException) {
      return "a file stands where a folder is needed";
    }
    return problem.getReason() == null ? problem.toString() : problem.getReason();
  }
}
