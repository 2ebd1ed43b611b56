/** {@code camjar evaluate}: accuracy, faithfulness and sanity over folders of images. */
@NullMarked
package io.camjar.gradcam.cli.evaluate;

import org.jspecify.annotations.NullMarked;
