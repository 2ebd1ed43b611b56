/** LIME on camjar's own forwards, as a measure for what black-box explanations cost. */
@NullMarked
package io.camjar.benchmarks.lime;

import org.jspecify.annotations.NullMarked;
