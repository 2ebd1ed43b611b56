package io.camjar.gradcam.flow;

import java.util.List;

/**
 * How activations and gradients flow through a network for some images.
 *
 * @param images how many
 * @param points in the order of the network
 * @param parameters the learned ones, in the order of PyTorch's file
 * @param findings what is wrong; empty for a healthy network
 */
public record FlowReport(
    int images, List<FlowPoint> points, List<ParameterFlow> parameters, List<Finding> findings) {
  public FlowReport {
    points = List.copyOf(points);
    parameters = List.copyOf(parameters);
    findings = List.copyOf(findings);
  }
}
