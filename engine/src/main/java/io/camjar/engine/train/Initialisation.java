package io.camjar.engine.train;

import io.camjar.engine.graph.Graph;
import io.camjar.engine.graph.Node;
import io.camjar.engine.graph.Parameters;
import io.camjar.engine.kernel.HostCopy;
import io.camjar.engine.op.Add;
import io.camjar.engine.op.BatchNorm;
import io.camjar.engine.op.Conv2d;
import io.camjar.engine.op.Linear;
import io.camjar.engine.op.Op;
import io.camjar.engine.op.Param;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.zip.CRC32;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Parameters of a network that has learned nothing yet, drawn from a seed.
 *
 * <ul>
 *   <li>Convolutions: normal, variance {@code 2 / (out kernel^2)} (He et al., arXiv 1502.01852, fan
 *       out), as torchvision's ResNet; biases 0.
 *   <li>Linear layers: uniform within {@code 1 / sqrt(in)}, biases too, as PyTorch's.
 *   <li>Norms: weight 1, bias 0, mean 0, variance 1. The last batch norm of a residual branch has
 *       weight 0, so that each block begins as the identity (Goyal et al., arXiv 1706.02677).
 *   <li>Other tensors: normal with deviation 0.02, as a transformer's.
 * </ul>
 */
public final class Initialisation implements Parameters {
  private final long seed;
  private final Map<String, Node> nodes = new HashMap<>();
  private final Set<String> lastNorms = new HashSet<>();

  /** Parameters for a graph. */
  public Initialisation(Graph graph, long seed) {
    this.seed = seed;
    for (Node node : graph.nodes()) {
      for (Param parameter : node.op().parameters()) {
        nodes.put(node.parameter(parameter.name()), node);
      }
      if (node.op() instanceof Add && node.inputs().size() == 2) {
        // The identity is computed before the branch.
        Node branch = graph.nodes().get(Collections.max(node.inputs()));
        if (isShortcut(branch)) {
          branch = graph.nodes().get(Collections.min(node.inputs()));
        }
        if (branch.op() instanceof BatchNorm && !isShortcut(branch)) {
          lastNorms.add(branch.path());
        }
      }
    }
  }

  private static boolean isShortcut(Node node) {
    return node.path().contains("downsample");
  }

  @Override
  public boolean has(String path) {
    return nodes.containsKey(path);
  }

  @Override
  public INDArray get(String path, long... shape) {
    Node node = nodes.get(path);
    if (node == null) {
      throw new IllegalArgumentException("the graph has no parameter " + path);
    }
    float[] values = new float[Math.toIntExact(Arrays.stream(shape).reduce(1, (a, b) -> a * b))];
    String name = path.substring(path.lastIndexOf('.') + 1);
    fill(node, name, shape, values, Seeds.random(seed, hash(path)));
    return HostCopy.array(values, shape);
  }

  private void fill(Node node, String name, long[] shape, float[] values, SplittableRandom random) {
    Op op = node.op();
    if (op instanceof Conv2d) {
      if (shape.length == 4) {
        normal(values, Math.sqrt(2.0 / (shape[0] * shape[2] * shape[3])), random);
      }
    } else if (op instanceof Linear linear) {
      double bound = 1 / Math.sqrt(linear.in());
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) ((2 * random.nextDouble() - 1) * bound);
      }
    } else if (name.equals("weight") && shape.length == 1) {
      Arrays.fill(values, lastNorms.contains(node.path()) ? 0 : 1);
    } else if (name.equals("running_var")) {
      Arrays.fill(values, 1);
    } else if (shape.length > 1) {
      normal(values, 0.02, random);
    }
  }

  /** Marsaglia's polar method. */
  private static void normal(float[] values, double deviation, SplittableRandom random) {
    for (int i = 0; i < values.length; ) {
      double u = 2 * random.nextDouble() - 1;
      double v = 2 * random.nextDouble() - 1;
      double s = u * u + v * v;
      if (s > 0 && s < 1) {
        double factor = deviation * Math.sqrt(-2 * StrictMath.log(s) / s);
        values[i++] = (float) (u * factor);
        if (i < values.length) {
          values[i++] = (float) (v * factor);
        }
      }
    }
  }

  private static long hash(String name) {
    CRC32 crc = new CRC32();
    crc.update(name.getBytes(StandardCharsets.UTF_8));
    return crc.getValue();
  }
}
