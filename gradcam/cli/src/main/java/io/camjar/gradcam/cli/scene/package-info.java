/** The built-in scene: a drawn picture whose objects' boxes are known. */
@NullMarked
package io.camjar.gradcam.cli.scene;

import org.jspecify.annotations.NullMarked;
