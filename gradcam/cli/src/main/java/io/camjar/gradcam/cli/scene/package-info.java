/** The built-in scene: a drawn image whose objects' boxes are known. */
@NullMarked
package io.camjar.gradcam.cli.scene;

import org.jspecify.annotations.NullMarked;
