/** JMH benchmarks: {@code java -jar benchmarks/target/benchmarks.jar}. */
@NullMarked
package io.camjar.benchmarks;

import org.jspecify.annotations.NullMarked;
