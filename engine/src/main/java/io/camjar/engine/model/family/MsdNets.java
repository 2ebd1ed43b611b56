package io.camjar.engine.model.family;

import io.camjar.engine.model.Architecture;
import io.camjar.engine.model.family.MsdNetDesign.Names;
import io.camjar.engine.model.family.MsdNetDesign.Pruning;
import io.camjar.engine.model.family.MsdNetDesign.Stem;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The multi-scale dense networks: the published ones, and those that names and shapes tell. */
final class MsdNets implements Family {
  private static final double HALF = 0.5;
  private static final int HIDDEN = 128;

  /** Those of the reference's README, of the Lua program before it, and of the port. */
  private static final Map<String, MsdNet> PUBLISHED = published();

  private static Map<String, MsdNet> published() {
    Map<String, MsdNet> all = new LinkedHashMap<>();
    for (int step : new int[] {4, 7}) {
      List<Integer> widths = List.of(1, 2, 4, 4);
      List<Integer> steps = List.of(step, step, step, step, step);
      String name = "msdnet_imagenet_step" + step;
      MsdNetDesign design =
          new MsdNetDesign(
              Names.REFERENCE, Stem.IMAGENET, 32, 16, widths, widths, steps, Pruning.MAX, HALF, 0);
      all.put(name, new MsdNet(name, design, 3, 1000));
    }
    List<Integer> seven = List.of(4, 2, 2, 2, 2, 2, 2);
    List<Integer> ten = List.of(4, 2, 2, 2, 2, 2, 2, 2, 2, 2);
    add(all, "msdnet_cifar100_anytime", cifar(Names.REFERENCE, 16, seven));
    add(all, "msdnet_cifar100_budgeted", cifar(Names.REFERENCE, 16, List.of(1, 2, 3, 4, 5)));
    add(all, "msdnet_cifar10_anytime", cifar(Names.REFERENCE, 16, ten));
    add(all, "msdnet_cifar10_port", cifar(Names.PORT, 32, ten));
    return all;
  }

  private static void add(Map<String, MsdNet> all, String name, MsdNetDesign design) {
    all.put(name, new MsdNet(name, design, 3, name.contains("100") ? 100 : 10));
  }

  private static MsdNetDesign cifar(Names names, int channels, List<Integer> steps) {
    List<Integer> widths = List.of(1, 2, 4);
    return new MsdNetDesign(
        names, Stem.CIFAR, channels, 6, widths, widths, steps, Pruning.MAX, HALF, HIDDEN);
  }

  @Override
  public String title() {
    return "MSDNet";
  }

  @Override
  public List<String> names() {
    return List.copyOf(PUBLISHED.keySet());
  }

  @Override
  public Architecture member(String name, int classes) {
    MsdNet published = PUBLISHED.get(name);
    if (published == null) {
      throw new IllegalArgumentException(name);
    }
    return new MsdNet(name, published.design(), published.inChannels(), classes);
  }

  @Override
  public Optional<Architecture> recognise(Map<String, long[]> shapes) {
    return new MsdNetShapes(shapes)
        .recognise()
        .map(net -> new MsdNet(name(net.design()), net.design(), net.inChannels(), net.classes()));
  }

  /** The name of the published network of this design. */
  private static String name(MsdNetDesign design) {
    return PUBLISHED.values().stream()
        .filter(one -> one.design().equals(design))
        .map(MsdNet::name)
        .findFirst()
        .orElse("msdnet");
  }
}
