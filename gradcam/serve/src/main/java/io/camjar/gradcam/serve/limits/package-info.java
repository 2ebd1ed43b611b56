/** What keeps a service alive whatever clients send: bounds on bytes, waiting, time and pixels. */
@NullMarked
package io.camjar.gradcam.serve.limits;

import org.jspecify.annotations.NullMarked;
