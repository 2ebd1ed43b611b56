package io.camjar.weights.onnx.graph;

import io.camjar.engine.graph.Graph;
import io.camjar.engine.model.Architecture;
import io.camjar.engine.model.Exit;
import io.camjar.engine.model.InputSize;
import io.camjar.engine.model.PatchGrid;
import io.camjar.engine.model.Resized;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A network as an ONNX model describes it.
 *
 * @param name the graph's name, {@code onnx} if that tells nothing
 * @param inChannels channels of the image
 * @param classes how many scores it gives
 * @param graph its operations
 * @param blocks the last spatial value of each resolution
 * @param children the outermost modules that node names tell of
 * @param names other names of points, by path
 * @param patches how tokens lie on the image, by path
 * @param rows paths of maps that are rows of a sequence and lie on no image, as of a convolution
 *     over one side
 * @param inputSize of the images that it was exported for
 * @param outputs names of the model's outputs that it computes, one an exit
 * @param exits its classifiers where there are several; empty where there is one
 * @param heads paths of the layers that belong to one of several classifiers
 * @param otherSizes how it is read again for images of another size; empty if it takes any, or if
 *     the model names the only one
 */
public record OnnxArchitecture(
    String name,
    int inChannels,
    int classes,
    Graph graph,
    List<String> blocks,
    List<String> children,
    Map<String, List<String>> names,
    Map<String, PatchGrid> patches,
    Set<String> rows,
    InputSize inputSize,
    List<String> outputs,
    List<Exit> exits,
    Set<String> heads,
    Optional<OtherSizes> otherSizes)
    implements Architecture {

  public OnnxArchitecture {
    blocks = List.copyOf(blocks);
    children = List.copyOf(children);
    names = Map.copyOf(names);
    patches = Map.copyOf(patches);
    rows = Set.copyOf(rows);
    outputs = List.copyOf(outputs);
    exits = List.copyOf(exits);
    heads = Set.copyOf(heads);
  }

  /** The same, which can be read again for images of another size. */
  OnnxArchitecture withOtherSizes(OtherSizes sizes) {
    return new OnnxArchitecture(
        name,
        inChannels,
        classes,
        graph,
        blocks,
        children,
        names,
        patches,
        rows,
        inputSize,
        outputs,
        exits,
        heads,
        Optional.of(sizes));
  }

  @Override
  public Optional<Resized> resized(int height, int width) {
    return otherSizes.flatMap(sizes -> sizes.resized(height, width));
  }

  @Override
  public boolean isHead(String path) {
    return exits.isEmpty() ? Architecture.super.isHead(path) : heads.contains(path);
  }

  @Override
  public String headLabel() {
    return "onnx";
  }

  @Override
  public List<String> aliases(String path) {
    return names.getOrDefault(path, List.of());
  }

  @Override
  public Optional<PatchGrid> patches(String path) {
    return Optional.ofNullable(patches.get(path));
  }

  @Override
  public boolean hasMaps(String path, long... shape) {
    return (shape.length == 4 && !rows.contains(path)) || patches.containsKey(path);
  }

  @Override
  public String toString() {
    return name;
  }
}
