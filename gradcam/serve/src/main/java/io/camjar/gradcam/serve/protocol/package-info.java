/** KServe's V1 protocol and Open Inference V2: from a request's content to an answer's. */
@NullMarked
package io.camjar.gradcam.serve.protocol;

import org.jspecify.annotations.NullMarked;
