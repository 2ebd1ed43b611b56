package io.camjar.engine.model.family;

import io.camjar.engine.graph.Graph;
import io.camjar.engine.graph.Layer;
import io.camjar.engine.model.Architecture;
import io.camjar.engine.model.Exit;
import io.camjar.engine.model.InputSize;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Multi-scale dense network (Huang et al., arXiv 1703.09844): blocks of dense layers at several
 * scales, and behind each block a classifier on its coarsest maps, so that easy images can leave
 * early.
 *
 * <p>Two programs name its layers, and files have the names of one of them; see {@link
 * MsdNetDesign.Names}. A layer, a transition and a block yield maps at every scale: the point of
 * that name is the coarsest of them, which classifiers read, and {@code layers.0}, {@code layers.1}
 * ... below it are the scales.
 *
 * @param name such as {@code msdnet_imagenet_step4}
 * @param design its layers
 * @param inChannels channels of the image
 * @param classes how many it scores
 */
public record MsdNet(String name, MsdNetDesign design, int inChannels, int classes)
    implements Architecture {
  private static final String RESULT = "exit.";

  /** The path of a block. */
  String block(int block) {
    return (design.reference() ? "blocks." : "subnets.") + block;
  }

  @Override
  public String headLabel() {
    return design.reference() ? "msdnet" : "msdnet-port";
  }

  /** The classifiers follow the blocks under numbers of their own. */
  @Override
  public boolean isHead(String path) {
    return IntStream.range(0, design.steps().size())
        .mapToObj(this::classifier)
        .anyMatch(classifier -> path.equals(classifier) || path.startsWith(classifier + "."));
  }

  /** The path of the classifier behind a block. */
  String classifier(int block) {
    return design.reference()
        ? "classifier." + block
        : "subnets." + (design.steps().size() + block);
  }

  @Override
  public InputSize inputSize() {
    if (design.stem() == MsdNetDesign.Stem.CIFAR) {
      return InputSize.any(32);
    }
    // The stem quarters the image, each further scale halves it: the exits read 7 by 7 places, of
    // four scales at 224.
    return InputSize.any(7 << (design.widths().size() + 1));
  }

  @Override
  public List<Exit> exits() {
    return IntStream.range(0, design.steps().size())
        .mapToObj(block -> new Exit(block + 1, result(block), block(block)))
        .toList();
  }

  /** The name of the logits behind a block. */
  static String result(int block) {
    return RESULT + (block + 1);
  }

  /** The stem, and each block: the maps that its classifier reads. */
  @Override
  public List<String> blocks() {
    String first = design.reference() ? "blocks.0.0" : "subnets.0.MSD_first";
    return Stream.concat(
            Stream.of(first), IntStream.range(0, design.steps().size()).mapToObj(this::block))
        .toList();
  }

  @Override
  public List<String> children() {
    return graph().layers().stream()
        .map(Layer::path)
        .filter(path -> path.matches("(blocks|subnets|classifier)\\.\\d+"))
        .toList();
  }

  @Override
  public Graph graph() {
    return new MsdNetGraph(this).build();
  }

  @Override
  public String unseen() {
    return "strides, pools and the order in which maps are joined, which no tensor shows, are those"
        + " of "
        + (design.reference() ? "kalviny/MSDNet-PyTorch" : "avirambh/MSDNet-GCN");
  }
}
