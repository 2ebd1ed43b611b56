package io.camjar.gradcam.doctor;

import io.camjar.engine.model.resnet.HeadSpec;
import io.camjar.engine.model.resnet.LayeredHead;
import io.camjar.engine.model.resnet.LinearHead;
import io.camjar.engine.model.resnet.NoHead;
import io.camjar.engine.model.resnet.SequentialHead;
import io.camjar.engine.op.AdaptiveConcatPool2d;
import io.camjar.engine.op.BatchNorm;
import io.camjar.engine.op.Linear;
import io.camjar.engine.op.Op;
import io.camjar.engine.op.ReLU;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A head as lines of Python that put it into a torchvision network's {@code avgpool, fc}. */
final class PythonHead {
  private PythonHead() {}

  /**
   * The lines; empty if there is no head, or one whose parameters would bear other names.
   *
   * @param parameters names of the head's parameters in a torchvision network
   */
  static Optional<List<String>> of(HeadSpec head, Set<String> parameters) {
    if (head instanceof NoHead) {
      return Optional.of(List.of("net.fc = nn.Identity()"));
    }
    if (head instanceof LinearHead) {
      return parameters.contains("fc.bias")
          ? Optional.of(List.of())
          : Optional.of(
              List.of(
                  "net.fc = nn.Linear(net.fc.in_features, %d, bias=False)"
                      .formatted(head.classes())));
    }
    if (head instanceof SequentialHead sequential) {
      return layers(sequential.layers(), parameters);
    }
    if (head instanceof LayeredHead layered) {
      return layers(layered.layers(), parameters);
    }
    return Optional.empty();
  }

  private static Optional<List<String>> layers(List<Op> layers, Set<String> parameters) {
    List<String> lines = new ArrayList<>();
    List<String> parts = new ArrayList<>();
    boolean concatenates = false;
    for (int i = 0; i < layers.size(); i++) {
      Op layer = layers.get(i);
      concatenates |= layer instanceof AdaptiveConcatPool2d;
      parts.add(python(layer));
      boolean has = parameters.contains("fc.%d.weight".formatted(i));
      boolean needs = layer instanceof Linear || layer instanceof BatchNorm;
      if (has != needs) {
        return Optional.empty();
      }
    }
    if (concatenates) {
      lines.add("class Pool(nn.Module):");
      lines.add("    def forward(self, x):");
      lines.add("        return torch.cat([x.amax((2, 3)), x.mean((2, 3))], 1)");
      lines.add("net.avgpool = Pool()");
    }
    lines.add("net.fc = nn.Sequential(" + String.join(", ", parts) + ")");
    return Optional.of(lines);
  }

  /** Pools are done before the head. */
  private static String python(Op layer) {
    if (layer instanceof Linear linear) {
      String bias = linear.bias() ? "" : ", bias=False";
      return "nn.Linear(%d, %d%s)".formatted(linear.in(), linear.out(), bias);
    }
    if (layer instanceof BatchNorm norm) {
      return "nn.BatchNorm1d(%d)".formatted(norm.features());
    }
    return layer instanceof ReLU ? "nn.ReLU()" : "nn.Identity()";
  }
}
