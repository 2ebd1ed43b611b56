package io.camjar.benchmarks.compare;

import java.nio.file.Path;

/**
 * Where things are in a source tree.
 *
 * @param root the repository
 */
record SourceTree(Path root) {
  Path benchmarksJar() {
    return root.resolve("benchmarks/target/benchmarks.jar");
  }

  Path peersJar() {
    return root.resolve("benchmarks/peers/target/peers.jar");
  }

  /** Built by {@code compare} where there are a compiler and oneDNN. */
  Path oneDnn() {
    return root.resolve("benchmarks/target/onednn");
  }

  Path models() {
    return root.resolve("benchmarks/target/models");
  }

  /** Written last by {@code export_models.py}. */
  Path modelsComplete() {
    return models().resolve("versions.txt");
  }

  /** Of the network that a cold start explains. */
  Path weights() {
    return models().resolve("resnet34.pth");
  }

  /** The image that a cold start explains. */
  Path picture() {
    return models().resolve("picture.png");
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
