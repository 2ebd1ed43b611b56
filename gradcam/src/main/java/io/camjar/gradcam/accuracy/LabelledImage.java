package io.camjar.gradcam.accuracy;

import java.nio.file.Path;

/** An image file and the index of the class it shows. */
public record LabelledImage(Path file, int classIndex) {}
