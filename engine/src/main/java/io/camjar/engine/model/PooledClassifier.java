package io.camjar.engine.model;

import io.camjar.engine.graph.Graph;
import io.camjar.engine.graph.Node;
import io.camjar.engine.op.AdaptiveAvgPool2d;
import io.camjar.engine.op.Flatten;
import io.camjar.engine.op.Linear;
import io.camjar.engine.run.Trace;
import java.util.Optional;

/**
 * A classifier that is one linear layer on the means of feature maps: global average pooling and
 * nothing else that computes lies before it (Lin et al., arXiv 1312.4400).
 *
 * @param value the value of the graph whose means it reads, {@code [N, C, H, W]}
 * @param weight the name of its weights, {@code [classes, C]}
 */
public record PooledClassifier(int value, String weight) {

  /** The classifier of a graph, if it is such a one. */
  static Optional<PooledClassifier> of(Graph graph) {
    Integer logits = graph.outputs().get(Trace.LOGITS);
    if (logits == null || !(graph.nodes().get(logits).op() instanceof Linear)) {
      return Optional.empty();
    }
    Node linear = graph.nodes().get(logits);
    int pooled = linear.inputs().get(0);
    while (graph.nodes().get(pooled).op() instanceof Flatten
        || graph.nodes().get(pooled).op().isIdentity(false)) {
      pooled = graph.nodes().get(pooled).inputs().get(0);
    }
    Node pool = graph.nodes().get(pooled);
    return pool.op() instanceof AdaptiveAvgPool2d average && average.isPlain()
        ? Optional.of(new PooledClassifier(pool.inputs().get(0), linear.parameter("weight")))
        : Optional.empty();
  }
}
