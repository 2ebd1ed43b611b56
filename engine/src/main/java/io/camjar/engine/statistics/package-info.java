/** What is known of a tensor's values without the values. */
@NullMarked
package io.camjar.engine.statistics;

import org.jspecify.annotations.NullMarked;
