/** Images out: colour maps, overlays, the evolution sheet and animation, PNG and GIF. */
@org.jspecify.annotations.NullMarked
package io.camjar.gradcam.render;
