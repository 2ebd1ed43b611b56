package io.camjar.gradcam.layers;

import io.camjar.engine.model.Architecture;
import io.camjar.engine.model.Exit;
import io.camjar.engine.model.Network;
import io.camjar.engine.model.Point;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which layers are explained, and by which classifiers.
 *
 * @param paths of the layers
 * @param asked whether somebody named them; else each exit has the layer that it reads
 * @param exits numbers of the exits, in network order; empty for the network's last scores
 */
public record LayerChoice(List<String> paths, boolean asked, List<Integer> exits) {
  public LayerChoice {
    paths = List.copyOf(paths);
    exits = List.copyOf(exits);
  }

  /** The last block of a network, by its last scores. */
  public static LayerChoice usual(Network network) {
    return new LayerChoice(List.of(network.points().lastBlock().path()), false, List.of());
  }

  /** Other layers, which somebody named. */
  public LayerChoice at(List<String> named) {
    return new LayerChoice(named, true, exits);
  }

  /** The same layers by other classifiers. */
  public LayerChoice by(List<Integer> numbers) {
    return new LayerChoice(paths, asked, numbers);
  }

  /**
   * The classifiers with the layers that lie before them, some with none.
   *
   * @param only the one layer of a method that has no choice; null for those chosen here
   */
  public List<ClassifierLayers> of(Network network, @Nullable String only) {
    if (exits.isEmpty()) {
      return List.of(new ClassifierLayers(null, network, only == null ? paths : List.of(only)));
    }
    Architecture architecture = network.architecture();
    List<ClassifierLayers> all = new ArrayList<>();
    for (int number : exits) {
      Exit exit = architecture.exits().get(number - 1);
      Network ending = network.exit(number);
      List<String> layers = layers(exit, ending, only);
      all.add(new ClassifierLayers(exit, ending, layers));
    }
    return all;
  }

  private List<String> layers(Exit exit, Network ending, @Nullable String only) {
    if (only != null) {
      return List.of(only);
    }
    return asked ? before(ending) : List.of(exit.layer());
  }

  private List<String> before(Network ending) {
    Set<String> there = new HashSet<>();
    ending.points().all().stream().map(Point::path).forEach(there::add);
    return paths.stream().filter(there::contains).toList();
  }
}
