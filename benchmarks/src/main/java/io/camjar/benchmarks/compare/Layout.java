package io.camjar.benchmarks.compare;

import java.nio.file.Path;

/**
 * Where things are in a source tree.
 *
 * @param root the repository
 */
record Layout(Path root) {
  Path benchmarksJar() {
    return root.resolve("benchmarks/target/benchmarks.jar");
  }

  Path peersJar() {
    return root.resolve("benchmarks/peers/target/peers.jar");
  }

  Path models() {
    return root.resolve("benchmarks/target/models");
  }

  /** Written last by {@code export_models.py}. */
  Path modelsComplete() {
    return models().resolve("versions.txt");
  }

  Path coldStartScript() {
    return root.resolve("benchmarks/src/main/python/cold_start.py");
  }

  Path launcher() {
    return root.resolve("camjar");
  }

  Path results() {
    return root.resolve("benchmarks/results");
  }

  /** What the engines say on their standard error. */
  Path log() {
    return root.resolve("benchmarks/target/engines.log");
  }
}
