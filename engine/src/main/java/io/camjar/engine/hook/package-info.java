/** Functions that a program hangs into the passes of a network. */
@NullMarked
package io.camjar.engine.hook;

import org.jspecify.annotations.NullMarked;
