package io.camjar.weights.container.preparation;

import io.camjar.weights.container.preparation.PreparationStep.Kind;
import io.camjar.weights.pickle.PyDict;
import io.camjar.weights.pickle.PyGlobal;
import io.camjar.weights.pickle.PyObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A pickled {@code Compose} of torchvision's transforms, of either version, or of albumentations'.
 *
 * <p>Sources: torchvision {@code transforms/transforms.py}, {@code transforms/v2}, {@code
 * transforms/_presets.py}; albumentations {@code augmentations}.
 */
final class Transforms {
  private static final Set<String> HARMLESS =
      Set.of("ToPILImage", "ToImage", "ToImageTensor", "Identity", "ToTensorV2", "ToPureTensor");

  private final Draft draft;
  private final boolean albumentations;
  private boolean tensor;

  /** Samples are 0 to 255 in floats: after {@code PILToTensor} without scaling. */
  private boolean bytes;

  private boolean random;
  private boolean crops;
  private Optional<Integer> lastSide = Optional.empty();

  private Transforms(Draft draft, boolean albumentations) {
    this.draft = draft;
    this.albumentations = albumentations;
  }

  /** What a candidate says, and whether it is for training. */
  record Read(Preparation preparation, boolean training) {}

  /** Whether a value is a list of transforms under one name. */
  static boolean isOne(Object value) {
    return value instanceof PyObject object
        && (object.simpleName().equals("Compose")
            || object.simpleName().equals("ImageClassification"));
  }

  /** Of {@code Compose} or of the preset that a torchvision weights entry has. */
  static Read of(PyObject compose, String name) {
    boolean albumentations = compose.typeName().startsWith("albumentations");
    String library = albumentations ? "albumentations' transforms" : "torchvision's transforms";
    String where = name.isEmpty() ? library : library + " \"" + name + "\"";
    Transforms reader = new Transforms(new Draft(where), albumentations);
    if (compose.simpleName().equals("ImageClassification")) {
      reader.preset(compose);
    } else {
      Values.items(compose).forEach(reader::follow);
    }
    return reader.done();
  }

  /** Of single transforms that lie about without a list around them. */
  static Read ofLoose(List<Object> transforms) {
    Transforms reader = new Transforms(new Draft("the file's transforms"), false);
    transforms.forEach(reader::follow);
    return transforms.isEmpty() ? new Read(reader.draft.done(), false) : reader.done();
  }

  private Read done() {
    if (crops) {
      draft.note(
          "the file holds transforms for training, whose random crops are not followed: the centre"
              + " is cut out as torchvision does for evaluation");
    } else if (draft.reached().isEmpty()) {
      draft.note("the file's transforms resize to no fixed size");
      lastSide.ifPresent(side -> draft.size(Size.square(side)));
    }
    if (albumentations) {
      draft.note(
          "albumentations resizes with OpenCV, which does not average as it shrinks;"
              + " camjar resizes as Pillow does");
    }
    if (tensor && !draft.isNormalised()) {
      draft.normalization(bytes ? Normalization.NONE.ofSamples(255, 0) : Normalization.NONE);
    }
    return new Read(draft.done(), random);
  }

  private void preset(PyObject preset) {
    List<Double> resize = PickledNumbers.of(preset.attribute("resize_size"));
    Optional<Size> crop = PickledNumbers.size(preset.attribute("crop_size"));
    if (crop.isPresent() && resize.size() == 1) {
      draft.add(
          PreparationStep.shortSide(
              resize.get(0).intValue(), Words.filter(preset.attribute("interpolation"), draft)));
      draft.add(PreparationStep.of(Kind.CENTER_CROP, crop.get(), "even"));
    }
    normalise(preset);
  }

  private void follow(Object transform) {
    String type = Values.type(transform);
    switch (type) {
      case "Compose", "Sequential" -> nested(transform).forEach(this::follow);
      case "Resize", "Scale" -> resize(transform);
      case "SmallestMaxSize" ->
          side(transform, "max_size")
              .ifPresent(s -> draft.add(PreparationStep.shortSide(s, "bilinear")));
      case "CenterCrop" -> sized(transform).ifPresent(this::centerCrop);
      case "Grayscale", "ToGray" -> draft.add(new PreparationStep(Kind.GRAY, List.of(), List.of()));
      case "Pad" -> pad(transform);
      case "ToTensor" -> tensor = true;
      case "PILToTensor" -> {
        tensor = true;
        bytes = true;
      }
      case "ConvertImageDtype" -> {
        tensor = true;
        bytes = false;
      }
      case "ToDtype" -> {
        tensor = true;
        bytes = !Boolean.TRUE.equals(Values.get(transform, "scale"));
      }
      case "Normalize" -> normalise(transform);
      case "RandomResizedCrop", "RandomSizedCrop", "RandomCrop" -> {
        random = true;
        crops = true;
        sized(transform).ifPresent(draft::size);
      }
      default -> {
        if (type.startsWith("Random")
            || type.endsWith("Flip")
            || type.contains("Augment")
            || type.equals("ColorJitter")) {
          boolean flip = type.endsWith("Flip");
          random |= type.startsWith("Random");
          if (!flip && type.startsWith("Random")) {
            draft.note("the file's %s, for training, is left out".formatted(type));
          }
        } else if (!HARMLESS.contains(type)) {
          Object function = type.equals("Lambda") ? Values.get(transform, "lambd") : transform;
          String name = function instanceof PyGlobal global ? global.name() : type;
          draft.note("the file's transform %s is not followed".formatted(name));
        }
      }
    }
  }

  private static List<Object> nested(Object transform) {
    Object modules = Values.get(transform, "_modules");
    return modules instanceof PyDict dict
        ? new ArrayList<>(dict.values())
        : Values.items(transform);
  }

  private void resize(Object transform) {
    Object named = Values.get(transform, "size");
    List<Double> sides = PickledNumbers.of(named);
    Object how = Values.get(transform, "interpolation");
    if (how == null && PickledNumbers.of(how).isEmpty()) {
      how = "bilinear";
    }
    String filter = albumentations ? "bilinear" : Words.filter(how, draft);
    if (Values.get(transform, "max_size") != null) {
      draft.note("max_size of the file's Resize is not followed");
    }
    if (tensor && !Boolean.TRUE.equals(Values.get(transform, "antialias"))) {
      draft.note(
          "the file's Resize works on tensors without antialiasing; camjar resizes with it, as"
              + " torchvision does with images");
    }
    if (sides.isEmpty()) {
      sized(transform).ifPresent(size -> draft.add(PreparationStep.of(Kind.RESIZE, size, filter)));
    } else if (sides.size() == 1) {
      lastSide = Optional.of(sides.get(0).intValue()).filter(s -> s > 0 && s <= Size.LARGEST);
      lastSide.ifPresent(side -> draft.add(PreparationStep.shortSide(side, filter)));
    } else {
      PickledNumbers.size(named)
          .ifPresent(size -> draft.add(PreparationStep.of(Kind.RESIZE, size, filter)));
    }
  }

  private void centerCrop(Size size) {
    draft.add(PreparationStep.of(Kind.CENTER_CROP, size, albumentations ? "floor" : "even"));
  }

  private void pad(Object transform) {
    List<Integer> by =
        PickledNumbers.of(Values.get(transform, "padding")).stream().map(Double::intValue).toList();
    List<Integer> sides =
        switch (by.size()) {
          case 1 -> List.of(by.get(0), by.get(0), by.get(0), by.get(0));
          case 2 -> List.of(by.get(0), by.get(1), by.get(0), by.get(1));
          case 4 -> by;
          default -> List.of();
        };
    if (sides.isEmpty() || sides.stream().anyMatch(side -> side < 0 || side > Size.LARGEST)) {
      draft.note("the padding of the file's Pad is not followed");
      return;
    }
    List<Integer> numbers = new ArrayList<>(sides);
    List<Double> fill = PickledNumbers.of(Values.get(transform, "fill"));
    for (int c = 0; c < 3 && !fill.isEmpty(); c++) {
      numbers.add(fill.get(Math.min(c, fill.size() - 1)).intValue());
    }
    String padding = Words.padding(Values.get(transform, "padding_mode"), "constant", draft);
    draft.add(new PreparationStep(Kind.PAD, numbers, List.of(padding)));
  }

  private void normalise(Object transform) {
    tensor = true;
    Optional<Normalization> known =
        Values.normalization(Values.get(transform, "mean"), Values.get(transform, "std"), draft);
    if (known.isPresent() && draft.isNormalised()) {
      draft.note("the second Normalize of the file's transforms is not followed");
    } else if (known.isPresent()) {
      double most = PickledNumbers.scalar(Values.get(transform, "max_pixel_value")).orElse(255.0);
      Normalization of =
          bytes
              ? known.get().ofSamples(255, 0)
              : most == 255 ? known.get() : known.get().ofSamples(255 / most, 0);
      draft.normalization(of);
    }
  }

  /** {@code size}, or albumentations' {@code height} and {@code width}. */
  private static Optional<Size> sized(Object transform) {
    Optional<Size> size = PickledNumbers.size(Values.get(transform, "size"));
    Optional<Integer> height = side(transform, "height");
    Optional<Integer> width = side(transform, "width");
    return size.isPresent() || height.isEmpty() || width.isEmpty()
        ? size
        : Optional.of(new Size(height.get(), width.get())).filter(Size::usable);
  }

  private static Optional<Integer> side(Object transform, String name) {
    return PickledNumbers.scalar(Values.get(transform, name)).map(Double::intValue);
  }
}
