package io.camjar.engine.model.family;

import io.camjar.engine.graph.Graph;
import io.camjar.engine.graph.GraphBuilder;
import io.camjar.engine.kernel.Conv2dGeometry;
import io.camjar.engine.model.Architecture;
import io.camjar.engine.model.InputSize;
import io.camjar.engine.model.PatchGrid;
import io.camjar.engine.model.Points;
import io.camjar.engine.model.Resized;
import io.camjar.engine.op.Add;
import io.camjar.engine.op.Concat;
import io.camjar.engine.op.Conv2d;
import io.camjar.engine.op.Expand;
import io.camjar.engine.op.GELU;
import io.camjar.engine.op.LayerNorm;
import io.camjar.engine.op.Linear;
import io.camjar.engine.op.MatMul;
import io.camjar.engine.op.Parameter;
import io.camjar.engine.op.Reduce;
import io.camjar.engine.op.Reshape;
import io.camjar.engine.op.Scale;
import io.camjar.engine.op.Shape;
import io.camjar.engine.op.Slice;
import io.camjar.engine.op.Softmax;
import io.camjar.engine.op.Transpose;
import io.camjar.engine.run.Trace;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * Vision transformer (Dosovitskiy et al., arXiv 2010.11929; DeiT, arXiv 2012.12877) as timm names
 * its layers; torchvision's names are aliases. Attention is written down as the products it is, so
 * that its matrices are points: {@code blocks.3.attn.softmax}, {@code [N, heads, T, T]}.
 *
 * @param name such as {@code vit_base_patch16_224}
 * @param style whose names the file has, {@code timm} or {@code torchvision}
 * @param inChannels channels of the image
 * @param patch side of a patch in pixels
 * @param rows of patches
 * @param columns of patches
 * @param width features of a token
 * @param heads of the attention
 * @param depth blocks
 * @param hidden features within a block's MLP
 * @param meanPool whether the classifier reads the mean of the patches instead of the class token
 * @param classes how many it scores
 */
public record VisionTransformer(
    String name,
    String style,
    int inChannels,
    int patch,
    int rows,
    int columns,
    int width,
    int heads,
    int depth,
    int hidden,
    boolean meanPool,
    int classes)
    implements Architecture {
  private static final double EPS = 1e-6;

  /** The convolution that makes the patches; its output is an image still. */
  private static final String PROJECTION = "patch_embed.proj";

  /** The family. */
  static final class Members implements Family {
    private static final String TIMM = "timm";
    private static final String TORCHVISION = "torchvision";

    /** Features of a token, blocks and heads. */
    private static final Map<String, int[]> SIZES =
        new TreeMap<>(
            Map.of(
                "tiny", new int[] {192, 12, 3},
                "small", new int[] {384, 12, 6},
                "base", new int[] {768, 12, 12},
                "large", new int[] {1024, 24, 16},
                "huge", new int[] {1280, 32, 16}));

    private static final int HEAD = 64;
    private static final Pattern LAYER = Pattern.compile("encoder\\.layers\\.encoder_layer_(\\d+)");
    private static final Pattern NAME = Pattern.compile("vit_(\\w+)_patch(\\d+)_224");

    @Override
    public String title() {
      return "vision transformer";
    }

    @Override
    public List<String> names() {
      return List.of(
          "vit_tiny_patch16_224",
          "vit_small_patch16_224",
          "vit_small_patch32_224",
          "vit_base_patch16_224",
          "vit_base_patch32_224",
          "vit_large_patch16_224",
          "vit_large_patch32_224",
          "vit_huge_patch14_224");
    }

    @Override
    public Architecture member(String name, int classes) {
      Matcher words = NAME.matcher(name);
      if (!words.matches()) {
        throw new IllegalArgumentException(name);
      }
      int[] size = SIZES.get(words.group(1));
      int patch = Integer.parseInt(words.group(2));
      return new VisionTransformer(
          name,
          TIMM,
          3,
          patch,
          224 / patch,
          224 / patch,
          size[0],
          size[2],
          size[1],
          4 * size[0],
          false,
          classes);
    }

    /** torchvision's names as timm's. */
    @Override
    public String canonical(String name) {
      String block = LAYER.matcher(name).replaceFirst("blocks.$1");
      if (block.startsWith("blocks.") && !block.equals(name)) {
        return block
            .replace(".ln_1.", ".norm1.")
            .replace(".ln_2.", ".norm2.")
            .replace(".self_attention.in_proj_", ".attn.qkv.")
            .replace(".self_attention.out_proj.", ".attn.proj.")
            .replaceFirst("\\.mlp\\.(0|linear_1)\\.", ".mlp.fc1.")
            .replaceFirst("\\.mlp\\.(3|linear_2)\\.", ".mlp.fc2.");
      }
      return switch (name) {
        case "class_token" -> "cls_token";
        case "encoder.pos_embedding" -> "pos_embed";
        default ->
            name.replaceFirst("^conv_proj\\.", "patch_embed.proj.")
                .replaceFirst("^encoder\\.ln\\.", "norm.")
                .replaceFirst("^heads\\.(head\\.)?", "head.");
      };
    }

    @Override
    public String canonicalModule(String path) {
      String name = canonical(path + ".weight");
      return name.substring(0, name.length() - ".weight".length())
          .replaceFirst("\\.self_attention$", ".attn")
          .replaceFirst("\\.mlp\\.1$", ".mlp.act");
    }

    /** The number of heads is in no shape: they have 64 features, in the huge model 80. */
    @Override
    public Optional<Architecture> recognise(Map<String, long[]> shapes) {
      boolean timm = shapes.containsKey("patch_embed.proj.weight");
      Map<String, long[]> renamed = new TreeMap<>();
      shapes.forEach((key, shape) -> renamed.put(canonical(key), shape));
      TensorShapes tensors = new TensorShapes(renamed);
      if (!tensors.has("patch_embed.proj.weight")
          || !tensors.has("cls_token")
          || !tensors.has("blocks.0.norm1.weight")
          || !tensors.has("blocks.0.attn.qkv.weight")) {
        return Optional.empty();
      }
      int width = tensors.side("cls_token", 2, 768);
      int patch = tensors.side("patch_embed.proj.weight", 2, 16);
      int tokens = tensors.side("pos_embed", 1, 197);
      int grid = (int) Math.round(Math.sqrt(tokens - 1.0));
      int depth = tensors.numbers("blocks.#.norm1.weight").last() + 1;
      int heads =
          SIZES.values().stream()
              .filter(size -> size[0] == width && size[1] == depth)
              .findFirst()
              .map(size -> size[2])
              .orElse(Math.max(1, width / HEAD));
      int side = Math.max(1, grid) * patch;
      String size =
          SIZES.entrySet().stream()
              .filter(one -> one.getValue()[0] == width && one.getValue()[1] == depth)
              .findFirst()
              .map(Map.Entry::getKey)
              .orElse("custom");
      String name =
          timm
              ? "vit_%s_patch%d_%d".formatted(size, patch, side)
              : "vit_%s_%d".formatted(size.charAt(0), patch);
      return Optional.of(
          new VisionTransformer(
              name,
              timm ? TIMM : TORCHVISION,
              tensors.side("patch_embed.proj.weight", 1, 3),
              patch,
              Math.max(1, grid),
              Math.max(1, grid),
              width,
              heads,
              depth,
              tensors.side("blocks.0.mlp.fc1.weight", 0, 4 * width),
              tensors.has("fc_norm.weight"),
              tensors.side("head.weight", 0, 1)));
    }
  }

  @Override
  public String headLabel() {
    return style;
  }

  @Override
  public InputSize inputSize() {
    return InputSize.only(rows * patch, columns * patch);
  }

  /**
   * The input of each block's attention. After the last attention only the class token reaches the
   * classifier, so that a last block's output would have no gradient at its patches.
   */
  @Override
  public List<String> blocks() {
    return IntStream.range(0, depth).mapToObj("blocks.%d.norm1"::formatted).toList();
  }

  @Override
  public List<String> children() {
    return style.equals(Members.TIMM)
        ? List.of(
            "patch_embed",
            "pos_drop",
            "patch_drop",
            "norm_pre",
            "blocks",
            "norm",
            "fc_norm",
            "head_drop",
            "head")
        : List.of("patch_embed", "norm", "head");
  }

  /** With the position embeddings resampled, as timm's {@code resample_abs_pos_embed}. */
  @Override
  public Optional<Resized> resized(int height, int width) {
    if (height % patch != 0 || width % patch != 0 || height < patch || width < patch) {
      return Optional.empty();
    }
    int down = height / patch;
    int across = width / patch;
    VisionTransformer other =
        new VisionTransformer(
            name,
            style,
            inChannels,
            patch,
            down,
            across,
            this.width,
            heads,
            depth,
            hidden,
            meanPool,
            classes);
    return Optional.of(
        new Resized(
            other,
            Map.of(
                "pos_embed",
                values ->
                    PositionEmbedding.resample(values, 1, rows, columns, down, across, this.width)),
            "its position embeddings of %dx%d patches are resampled to %dx%d, bicubic and antialiased, as timm does"
                .formatted(rows, columns, down, across)));
  }

  /** torchvision's name. */
  @Override
  public List<String> aliases(String path) {
    String alias =
        path.replaceFirst("^blocks\\.(\\d+)", "encoder.layers.encoder_layer_$1")
            .replaceFirst("\\.norm([12])$", ".ln_$1")
            .replaceFirst("\\.attn$", ".self_attention");
    return switch (path) {
      case "patch_embed.proj" -> List.of("conv_proj");
      case "norm" -> List.of("encoder.ln");
      case "head" -> List.of("heads.head");
      default -> alias.equals(path) ? List.of() : List.of(alias);
    };
  }

  @Override
  public Optional<PatchGrid> patches(String path) {
    if (path.equals(Points.INPUT) || path.equals(PROJECTION)) {
      return Optional.empty();
    }
    return Optional.of(new PatchGrid(path.startsWith("patch_embed") ? 0 : 1, rows, columns));
  }

  /** Tokens on the grid of patches; the matrices of attention are no maps of the image. */
  @Override
  public boolean hasMaps(String path, long... shape) {
    boolean tokens =
        shape.length == 3 && patches(path).filter(p -> p.tokens() == shape[1]).isPresent();
    return tokens || path.equals(PROJECTION);
  }

  @Override
  public Graph graph() {
    GraphBuilder graph = new GraphBuilder();
    int image = graph.input(Points.INPUT);
    int y = graph.scope("patch_embed", "PatchEmbed", image, x -> patches(graph, x));
    int token = graph.op("cls_token", new Parameter(Shape.of(1, 1, width), true));
    // Expand takes the sides of 0 from the patches: a token for every image.
    token = graph.op("cls_tokens", new Expand(List.of(0L, 1L, (long) width)), token, y);
    y = graph.op("tokens", new Concat(1), token, y);
    Shape positions = Shape.of(1, rows * columns + 1L, width);
    int position = graph.op("pos_embed", new Parameter(positions, true));
    y = graph.op("pos_drop", new Add(), y, position);
    y = identity(graph, List.of("patch_drop", "norm_pre"), y);
    y =
        graph.group(
            "blocks",
            "Sequential",
            y,
            first -> {
              int x = first;
              for (int block = 0; block < depth; block++) {
                x = graph.scope("blocks." + block, "Block", x, tokens -> block(graph, tokens));
              }
              return x;
            });
    y = identity(graph, List.of(meanPool ? "norm" : "fc_norm", "head_drop"), head(graph, y));
    graph.output(Trace.LOGITS, graph.op("head", new Linear(width, classes, true), y));
    return graph.build();
  }

  /** Children of timm's module that do nothing; whoever counts children counts them too. */
  private int identity(GraphBuilder graph, List<String> names, int x) {
    if (style.equals(Members.TIMM)) {
      names.forEach(name -> graph.group(name, "Identity", x, y -> y));
    }
    return x;
  }

  private int patches(GraphBuilder graph, int image) {
    Conv2d conv = new Conv2d(Conv2dGeometry.square(inChannels, width, patch, patch, 0), true);
    int y = graph.op("proj", conv, image);
    y = graph.op("flatten", Reshape.of(0L, (long) width, (long) rows * columns), y);
    return graph.op("transpose", Transpose.of(0, 2, 1), y);
  }

  private int block(GraphBuilder graph, int x) {
    int y = graph.op("norm1", LayerNorm.of(width, EPS), x);
    y = graph.scope("attn", "Attention", y, tokens -> attention(graph, tokens));
    int sum = graph.op("add1", new Add(), x, y);
    y = graph.op("norm2", LayerNorm.of(width, EPS), sum);
    y =
        graph.scope(
            "mlp",
            "Mlp",
            y,
            tokens -> {
              int inner = graph.op("fc1", new Linear(width, hidden, true), tokens);
              inner = graph.op("act", new GELU(false), inner);
              return graph.op("fc2", new Linear(hidden, width, true), inner);
            });
    return graph.op("add2", new Add(), sum, y);
  }

  /** {@code softmax(Q K' / sqrt(d)) V} for each head, and a linear layer. */
  private int attention(GraphBuilder graph, int tokens) {
    int qkv = graph.op("qkv", new Linear(width, 3 * width, true), tokens);
    int q = part(graph, "q", 0, Transpose.of(0, 2, 1, 3), qkv);
    int k = part(graph, "k", 1, Transpose.of(0, 2, 3, 1), qkv);
    int v = part(graph, "v", 2, Transpose.of(0, 2, 1, 3), qkv);
    int y = graph.op("scale", new Scale(1 / Math.sqrt(width / (double) heads)), q);
    y = graph.op("softmax", new Softmax(3), graph.op("product", new MatMul(), y, k));
    y = graph.op("context", new MatMul(), y, v);
    y = graph.op("heads", Transpose.of(0, 2, 1, 3), y);
    y = graph.op("joined", Reshape.of(0L, 0L, (long) width), y);
    return graph.op("proj", new Linear(width, width, true), y);
  }

  private int part(GraphBuilder graph, String name, int part, Transpose order, int qkv) {
    long from = (long) part * width;
    int y = graph.op(name + "_slice", new Slice(2, from, from + width, 1), qkv);
    long each = width / heads;
    y = graph.op(name + "_heads", Reshape.of(0L, 0L, (long) heads, each), y);
    return graph.op(name, order, y);
  }

  /** What the classifier reads. */
  private int head(GraphBuilder graph, int tokens) {
    if (meanPool) {
      int patches = graph.op("patches", new Slice(1, 1, Long.MAX_VALUE, 1), tokens);
      int mean = graph.op("pool", new Reduce(Reduce.Kind.MEAN, List.of(1), false), patches);
      return graph.op("fc_norm", LayerNorm.of(width, EPS), mean);
    }
    int y = graph.op("norm", LayerNorm.of(width, EPS), tokens);
    y = graph.op("class", new Slice(1, 0, 1, 1), y);
    return graph.op("pool", Reshape.of(0L, (long) width), y);
  }
}
