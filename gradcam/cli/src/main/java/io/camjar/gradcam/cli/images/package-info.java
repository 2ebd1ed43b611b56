/**
 * What is explained or measured: files, folders, arrays and the built-in scene, and the classes
 * they show.
 */
@NullMarked
package io.camjar.gradcam.cli.images;

import org.jspecify.annotations.NullMarked;
