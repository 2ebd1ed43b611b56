package io.camjar.benchmarks.protocol;

import java.util.Arrays;
import java.util.List;

/** What is timed; the names are those of the results file. */
public enum Workload {
  /** Images in, scores out. */
  FORWARD_RESNET34(Kind.FORWARD, "resnet34"),
  /** The same through a bottleneck network. */
  FORWARD_RESNET50(Kind.FORWARD, "resnet50"),
  /** Grad-CAM of the last block, from images to raw maps. */
  GRADCAM_LAST_RESNET34(Kind.GRADCAM_LAST, "resnet34"),
  /** Grad-CAM of the stem and all 16 blocks, from one backward. */
  GRADCAM_ALL_RESNET34(Kind.GRADCAM_ALL, "resnet34"),
  /** Score-CAM of the last block: a forward for each of its 512 channels. */
  SCORECAM_LAST_RESNET34(Kind.SCORECAM_LAST, "resnet34"),
  /** Forward with batch statistics, backward to all parameters, one step of plain SGD. */
  TRAIN_STEP_RESNET34(Kind.TRAIN_STEP, "resnet34"),
  /** From the start of a process to a heat map on disk. */
  COLD_START(Kind.COLD_START, "resnet34"),

  /** Other families: 3x3 convolutions and large linear layers. */
  FORWARD_VGG16(Kind.FORWARD, "vgg16"),
  /** Concatenations. */
  FORWARD_DENSENET121(Kind.FORWARD, "densenet121"),
  /** Depthwise convolutions. */
  FORWARD_MOBILENET_V2(Kind.FORWARD, "mobilenet_v2"),
  /** Depthwise convolutions and gates. */
  FORWARD_EFFICIENTNET_B0(Kind.FORWARD, "efficientnet_b0"),
  /** Convolutions in groups. */
  FORWARD_RESNEXT50(Kind.FORWARD, "resnext50_32x4d"),
  /** Depthwise 7x7, layer norms and GELU. */
  FORWARD_CONVNEXT_TINY(Kind.FORWARD, "convnext_tiny"),
  /** Attention. */
  FORWARD_VIT_SMALL(Kind.FORWARD, "vit_small_patch16_224"),
  /** All exits; the answer is the last one's. */
  FORWARD_MSDNET(Kind.FORWARD, "msdnet_imagenet_step4"),
  /** Grad-CAM of each family's default layer. */
  GRADCAM_LAST_VGG16(Kind.GRADCAM_LAST, "vgg16"),
  /** The same. */
  GRADCAM_LAST_DENSENET121(Kind.GRADCAM_LAST, "densenet121"),
  /** The same. */
  GRADCAM_LAST_MOBILENET_V2(Kind.GRADCAM_LAST, "mobilenet_v2"),
  /** The same. */
  GRADCAM_LAST_EFFICIENTNET_B0(Kind.GRADCAM_LAST, "efficientnet_b0"),
  /** The same. */
  GRADCAM_LAST_RESNEXT50(Kind.GRADCAM_LAST, "resnext50_32x4d"),
  /** The same. */
  GRADCAM_LAST_CONVNEXT_TINY(Kind.GRADCAM_LAST, "convnext_tiny"),
  /** The input of the last attention: its map lies on the grid of patches. */
  GRADCAM_LAST_VIT_SMALL(Kind.GRADCAM_LAST, "vit_small_patch16_224"),
  /** The last exit's. */
  GRADCAM_LAST_MSDNET(Kind.GRADCAM_LAST, "msdnet_imagenet_step4");

  /** What is done with a network. */
  public enum Kind {
    /** Images in, scores out. */
    FORWARD("forward"),
    /** Grad-CAM of the default layer. */
    GRADCAM_LAST("gradcam-last"),
    /** Grad-CAM of all blocks. */
    GRADCAM_ALL("gradcam-all"),
    /** Score-CAM of the last block. */
    SCORECAM_LAST("scorecam-last"),
    /** A step of training. */
    TRAIN_STEP("train-step"),
    /** A process from its start. */
    COLD_START("cold-start");

    private final String title;

    Kind(String title) {
      this.title = title;
    }
  }

  private final Kind kind;
  private final String network;

  Workload(Kind kind, String network) {
    this.kind = kind;
    this.network = network;
  }

  /** The workload of this name. */
  public static Workload titled(String title) {
    return Arrays.stream(values())
        .filter(workload -> workload.title().equals(title))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no workload is called " + title));
  }

  /** Those of networks of other families than plain ResNets. */
  public static List<Workload> ofFamilies() {
    return Arrays.stream(values()).filter(Workload::isOfFamily).toList();
  }

  /** Whether its network is no ResNet. */
  public boolean isOfFamily() {
    return !network.startsWith("resnet");
  }

  /** What is done. */
  public Kind kind() {
    return kind;
  }

  /** The name in tables and files. */
  public String title() {
    return kind == Kind.COLD_START ? kind.title : kind.title + "/" + network;
  }

  /** The network's name. */
  public String network() {
    return network;
  }

  /** The forward of the same network. */
  public Workload forward() {
    return titled(Kind.FORWARD.title + "/" + network);
  }
}
