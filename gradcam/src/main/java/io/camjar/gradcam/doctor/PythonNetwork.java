package io.camjar.gradcam.doctor;

import io.camjar.engine.model.resnet.BlockKind;
import io.camjar.engine.model.resnet.ResNetSpec;
import io.camjar.engine.model.resnet.Shortcut;
import io.camjar.engine.model.resnet.Stem;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A body as lines of Python that build it from torchvision's parts, whatever its width. */
final class PythonNetwork {
  private static final int USUAL = 64;
  private static final Map<String, Integer> WIDE =
      Map.of("wide_resnet50_2", 128, "wide_resnet101_2", 128);
  private static final Set<String> NAMED =
      Set.of("resnet18", "resnet34", "resnet50", "resnet101", "resnet152");

  private PythonNetwork() {}

  /** Lines that make {@code net}, whose {@code fc} is a linear layer from its features. */
  static List<String> of(ResNetSpec spec) {
    List<String> lines = new ArrayList<>();
    int inner = USUAL * spec.innerWidth() / spec.width();
    boolean standard = NAMED.contains(spec.name()) && inner == USUAL && spec.equals(named(spec));
    boolean wide = inner == WIDE.getOrDefault(spec.name(), 0) && hasUsualDepths(spec);
    if (standard || (wide && isUsual(spec))) {
      lines.add(
          "net = torchvision.models.%s(num_classes=%d)"
              .formatted(spec.name(), Math.max(1, spec.classes())));
    } else {
      lines.add("R = torchvision.models.resnet");
      lines.add(
          "net = R.ResNet(R.%s, %s, num_classes=%d%s)"
              .formatted(
                  block(spec),
                  spec.depths(),
                  Math.max(1, spec.classes()),
                  inner == USUAL ? "" : ", width_per_group=" + inner));
      width(spec, lines);
    }
    stem(spec, lines);
    shortcuts(spec, lines);
    return lines;
  }

  private static ResNetSpec named(ResNetSpec spec) {
    return ResNetSpec.named(spec.name(), spec.head()).withInChannels(spec.inChannels());
  }

  private static boolean hasUsualDepths(ResNetSpec spec) {
    return spec.depths().equals(List.of(3, 4, spec.name().contains("101") ? 23 : 6, 3));
  }

  private static boolean isUsual(ResNetSpec spec) {
    return spec.width() == USUAL
        && spec.block() == BlockKind.BOTTLENECK
        && spec.stem() instanceof Stem.Conv7
        && spec.shortcut() == Shortcut.CONV;
  }

  private static String block(ResNetSpec spec) {
    return spec.block() == BlockKind.BASIC ? "BasicBlock" : "Bottleneck";
  }

  /** torchvision has one width only, but makes layers of any. */
  private static void width(ResNetSpec spec, List<String> lines) {
    if (spec.width() == USUAL) {
      return;
    }
    lines.add("net.inplanes, net.bn1 = %1$d, nn.BatchNorm2d(%1$d)".formatted(spec.width()));
    for (int stage = 1; stage <= spec.depths().size(); stage++) {
      lines.add(
          "net.layer%d = net._make_layer(R.%s, %d, %d%s)"
              .formatted(
                  stage,
                  block(spec),
                  spec.planes(stage),
                  spec.depths().get(stage - 1),
                  stage == 1 ? "" : ", stride=2"));
    }
    lines.add("net.fc = nn.Linear(%d, %d)".formatted(spec.features(), Math.max(1, spec.classes())));
  }

  private static void stem(ResNetSpec spec, List<String> lines) {
    if (spec.stem() instanceof Stem.Deep deep) {
      lines.add("def conv(i, o, stride=1):");
      lines.add("    return nn.Conv2d(i, o, 3, stride, 1, bias=False)");
      lines.add(
          ("net.conv1 = nn.Sequential(conv(%1$d, %2$d, 2), nn.BatchNorm2d(%2$d), nn.ReLU(),"
                  + " conv(%2$d, %3$d), nn.BatchNorm2d(%3$d), nn.ReLU(), conv(%3$d, %4$d))")
              .formatted(spec.inChannels(), deep.first(), deep.second(), spec.width()));
    } else if (spec.inChannels() != 3 || spec.width() != USUAL) {
      lines.add(
          "net.conv1 = nn.Conv2d(%d, %d, 7, 2, 3, bias=False)"
              .formatted(spec.inChannels(), spec.width()));
    }
  }

  /** timm's d variants: the stride of a shortcut is an average pool's. */
  private static void shortcuts(ResNetSpec spec, List<String> lines) {
    if (spec.shortcut() == Shortcut.AVG_POOL_CONV) {
      lines.add("for i in range(1, 5):");
      lines.add("    first = getattr(net, f\"layer{i}\")[0]");
      lines.add("    if first.downsample:");
      lines.add("        first.downsample[0].stride = (1, 1)");
      lines.add(
          "        pool = nn.AvgPool2d(2, 2, ceil_mode=True, count_include_pad=False) if i > 1 else"
              + " nn.Identity()");
      lines.add("        first.downsample = nn.Sequential(pool, *first.downsample)");
    }
  }
}
