/** The numerical gradient checker. */
@NullMarked
package io.camjar.engine.check;

import org.jspecify.annotations.NullMarked;
