package io.camjar.gradcam.cli;

import java.nio.file.Path;

/**
 * A picture that was named, or found in a folder.
 *
 * @param file the picture
 * @param classFolder the folder whose name may say what it shows: the first one below a folder that
 *     was named, else the one it lies in; absolute
 */
record FoundPicture(Path file, Path classFolder) {}
