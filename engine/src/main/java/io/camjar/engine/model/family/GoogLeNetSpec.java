package io.camjar.engine.model.family;

import io.camjar.engine.graph.Graph;
import io.camjar.engine.op.BatchNorm;
import io.camjar.engine.op.Concat;
import io.camjar.engine.op.Dropout;
import io.camjar.engine.op.Linear;
import io.camjar.engine.op.ReLU;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * GoogLeNet with batch norms (Szegedy et al., arXiv 1409.4842), without the two classifiers that
 * only train. Images are taken as they are: torchvision's {@code transform_input} is no part of it.
 *
 * @param name {@code googlenet}
 * @param inChannels of the image
 * @param classes scored
 */
record GoogLeNetSpec(String name, int inChannels, int classes) implements FamilySpec {
  private static final double EPS = 0.001;

  static Family family() {
    return new PublishedFamily(
        "GoogLeNet", "conv1.conv.weight", "fc.weight", Map.of("googlenet", GoogLeNetSpec::new));
  }

  /** torchvision's pretrained network transforms its input, which is no layer. */
  @Override
  public String unseen() {
    return "pools and activations are those of googlenet, and transform_input is off; for"
        + " torchvision's pretrained weights, which have it on, give --mean 0.5,0.5,0.5 --std"
        + " 0.5,0.5,0.5";
  }

  @Override
  public boolean trainsOnly(String tensor) {
    return tensor.startsWith("aux1.") || tensor.startsWith("aux2.");
  }

  @Override
  public Pattern blockPaths() {
    return Pattern.compile("maxpool[12]|inception\\d.");
  }

  @Override
  public Graph graph() {
    return new Body(new Modules(EPS, BatchNorm.MOMENTUM)).graph(inChannels, classes);
  }

  /** One graph as it is written. */
  private record Body(Modules modules) {

    Graph graph(int inChannels, int classes) {
      return modules.network(
          image -> {
            int y = conv("conv1", inChannels, 64, 7, 2, image);
            y = modules.maxPool("maxpool1", 3, 2, 0, true, y);
            y = conv("conv3", 64, 192, 3, 1, conv("conv2", 64, 64, 1, 1, y));
            y = modules.maxPool("maxpool2", 3, 2, 0, true, y);
            y = inception("inception3a", y, 192, 64, 96, 128, 16, 32, 32);
            y = inception("inception3b", y, 256, 128, 128, 192, 32, 96, 64);
            y = modules.maxPool("maxpool3", 3, 2, 0, true, y);
            y = inception("inception4a", y, 480, 192, 96, 208, 16, 48, 64);
            y = inception("inception4b", y, 512, 160, 112, 224, 24, 64, 64);
            y = inception("inception4c", y, 512, 128, 128, 256, 24, 64, 64);
            y = inception("inception4d", y, 512, 112, 144, 288, 32, 64, 64);
            y = inception("inception4e", y, 528, 256, 160, 320, 32, 128, 128);
            y = modules.maxPool("maxpool4", 2, 2, 0, true, y);
            y = inception("inception5a", y, 832, 256, 160, 320, 32, 128, 128);
            y = inception("inception5b", y, 832, 384, 192, 384, 48, 128, 128);
            y = modules.op("dropout", new Dropout(0.2), modules.pooled(y));
            return modules.op("fc", new Linear(1024, classes, true), y);
          });
    }

    private int conv(String name, int in, int out, int kernel, int stride, int x) {
      return modules.scope(
          name,
          "BasicConv2d",
          x,
          image -> {
            int y = modules.conv("conv", in, out, kernel, stride, kernel / 2, false, image);
            return modules.op("relu", new ReLU(), modules.norm("bn", out, y));
          });
    }

    /** Its widths: in, 1x1, 3x3 reduced, 3x3, second 3x3 reduced, second 3x3, after the pool. */
    private int inception(String name, int x, int... w) {
      return modules.scope(
          name,
          "Inception",
          x,
          y -> {
            int first = conv("branch1", w[0], w[1], 1, 1, y);
            int second = two("branch2", w[0], w[2], w[3], y);
            int third = two("branch3", w[0], w[4], w[5], y);
            int fourth =
                modules.sequential(
                    "branch4",
                    y,
                    z -> conv("1", w[0], w[6], 1, 1, modules.maxPool("0", 3, 1, 1, true, z)));
            return modules.op("cat", new Concat(1), first, second, third, fourth);
          });
    }

    private int two(String name, int in, int reduced, int out, int x) {
      return modules.sequential(
          name, x, y -> conv("1", reduced, out, 3, 1, conv("0", in, reduced, 1, 1, y)));
    }
  }
}
