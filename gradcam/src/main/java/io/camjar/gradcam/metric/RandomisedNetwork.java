package io.camjar.gradcam.metric;

import io.camjar.engine.graph.Parameters;
import io.camjar.engine.model.Network;
import io.camjar.engine.model.SyntheticParameters;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Copies of a network with some parts' parameters replaced by random ones, for the sanity check of
 * maps (Adebayo et al. 2018, arXiv 1810.03292).
 */
public final class RandomisedNetwork {
  /** The parts, from the scores down to the image. */
  public static final List<String> PARTS =
      List.of("head", "layer4", "layer3", "layer2", "layer1", "stem");

  private RandomisedNetwork() {}

  /**
   * The copy; the caller closes it, and the network stays as it is.
   *
   * @param parts some of {@link #PARTS} or of {@link #layers}
   * @param seed another seed gives other parameters
   */
  public static Network of(Network network, Collection<String> parts, long seed) {
    Map<String, INDArray> trained = network.parameters();
    SyntheticParameters random = new SyntheticParameters();
    return Network.of(
        network.architecture(),
        new Parameters() {
          @Override
          public boolean has(String path) {
            return trained.containsKey(path);
          }

          @Override
          public INDArray get(String path, long... shape) {
            return parts.contains(part(path)) || parts.contains(layer(path))
                ? random.get(seed + "/" + path, shape)
                : trained.get(path).dup('c');
          }
        });
  }

  /**
   * Every layer with weights, each convolution with its batch norm, from the scores down to the
   * image: {@code fc}, {@code layer4.2.conv2}, ..., {@code conv1}.
   */
  public static List<String> layers(Network network) {
    List<String> layers =
        new ArrayList<>(
            network.parameters().keySet().stream()
                .map(RandomisedNetwork::layer)
                .distinct()
                .toList());
    Collections.reverse(layers);
    return layers;
  }

  /** The layer that a parameter belongs to. */
  static String layer(String path) {
    String module = path.substring(0, path.lastIndexOf('.'));
    return module
        .replaceFirst("\\bbn(\\d)$", "conv$1")
        .replaceFirst("\\bdownsample\\.\\d$", "downsample");
  }

  /** The part that a parameter belongs to. */
  static String part(String path) {
    String first = path.substring(0, path.indexOf('.'));
    return switch (first) {
      case "fc", "head" -> "head";
      case "conv1", "bn1" -> "stem";
      default -> first;
    };
  }
}
