package io.camjar.gradcam.accuracy;

import java.nio.file.Path;

/** A picture file and the index of the class it shows. */
public record LabelledPicture(Path file, int classIndex) {}
