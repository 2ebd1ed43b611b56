/** Paths, status codes, tokens and metrics, on Javalin. */
@NullMarked
package io.camjar.gradcam.serve.http;

import org.jspecify.annotations.NullMarked;
