package io.camjar.gradcam.cli.options;

/** The option {@code --debug}, which the program has and all its commands know. */
public interface DebugOption {
  /** True where stack traces are wanted. */
  boolean debug();
}
