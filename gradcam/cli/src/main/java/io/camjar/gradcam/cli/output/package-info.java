/**
 * How results leave the program: tables, JSON, CSV, files that replace others whole, and progress.
 */
@NullMarked
package io.camjar.gradcam.cli.output;

import org.jspecify.annotations.NullMarked;
