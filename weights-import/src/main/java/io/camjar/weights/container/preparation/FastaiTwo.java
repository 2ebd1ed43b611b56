package io.camjar.weights.container.preparation;

import io.camjar.weights.container.preparation.PreparationStep.Kind;
import io.camjar.weights.pickle.PyGlobal;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What fastai 2's transforms of items and batches do on a validation set, from the data loaders
 * that {@code Learner.export} leaves.
 *
 * <p>Source: fastai, {@code fastai/vision/augment.py}, {@code fastai/data/transforms.py}. Item
 * transforms work on 8-bit images with Pillow, transforms of batches on floats with {@code
 * grid_sample}; so presizing ({@code Resize(460)}, then {@code aug_transforms(size=224)}) shrinks
 * twice, each in its own way.
 */
final class FastaiTwo {
  private static final String ORIGIN = "fastai 2's transforms";

  /** Transforms that leave validation images as they are, or only change their type. */
  private static final Set<String> HARMLESS =
      Set.of(
          "ToTensor",
          "IntToFloatTensor",
          "Categorize",
          "MultiCategorize",
          "OneHotEncode",
          "EncodedMultiCategorize",
          "FlipItem",
          "DihedralItem",
          "Brightness",
          "Contrast",
          "Saturation",
          "Hue",
          "LightingTfm",
          "SpaceTfm",
          "RandomErasing",
          "Cutout",
          "Pipeline");

  /** Of {@code AffineCoordTfm}: the identity on validation images, but for their size. */
  private static final Set<String> AFFINE =
      Set.of(
          "AffineCoordTfm",
          "Flip",
          "Dihedral",
          "Rotate",
          "Zoom",
          "Warp",
          "DeterministicFlip",
          "DeterministicDihedral");

  private final Draft draft = new Draft(ORIGIN);

  private FastaiTwo() {}

  /** Of a loader that has transforms of items and of batches. */
  static Preparation of(Object loader) {
    FastaiTwo two = new FastaiTwo();
    List<Object> batch = Values.items(Values.get(loader, "after_batch"));
    Values.items(Values.get(loader, "after_item")).forEach(two::follow);
    batch.forEach(two::follow);
    if (two.draft.reached().isEmpty()) {
      two.draft.note(
          "fastai's transforms in the file resize to no size (fastai feeds images as they are)");
    }
    if (!two.draft.isNormalised() && !batch.isEmpty()) {
      two.draft.normalization(Normalization.NONE);
    }
    return two.draft.done();
  }

  /** Of single transforms that lie about without a loader around them. */
  static Preparation ofLoose(List<Object> transforms) {
    FastaiTwo two = new FastaiTwo();
    transforms.forEach(two::follow);
    return two.draft.done();
  }

  private void follow(Object transform) {
    Object split = Values.get(transform, "split_idx");
    if (split instanceof Long index && index == 0) {
      return; // for training alone
    }
    String type = Values.type(transform);
    switch (type) {
      case "Resize" -> resize(transform);
      case "RandomResizedCrop" -> randomResizedCrop(transform);
      case "RandomResizedCropGPU" -> randomResizedCropOfBatch(transform);
      case "CropPad", "RandomCrop", "OldRandomCrop" -> crop(transform);
      case "RatioResize" ->
          draft.note("fastai's RatioResize, which gives every image another size, is not followed");
      case "Normalize" ->
          Values.normalization(Values.get(transform, "mean"), Values.get(transform, "std"), draft)
              .ifPresent(draft::normalization);
      default -> {
        if (AFFINE.contains(type)) {
          affine(transform);
        } else if (!HARMLESS.contains(type)) {
          String name = transform instanceof PyGlobal global ? global.name() : type;
          if (!HARMLESS.contains(name)) {
            draft.note("the file's transform %s is not followed".formatted(name));
          }
        }
      }
    }
  }

  private void resize(Object transform) {
    Optional<Size> size = pillowSize(Values.get(transform, "size"), "Resize");
    if (size.isEmpty()) {
      return;
    }
    String filter = filter(transform);
    String method = Words.plain(Values.get(transform, "method"));
    switch (method) {
      case "squish" -> draft.add(PreparationStep.of(Kind.RESIZE, size.get(), filter));
      case "pad" -> {
        String padding = Words.padding(Values.get(transform, "pad_mode"), "reflect", draft);
        draft.add(PreparationStep.of(Kind.PAD_TO, size.get(), filter, padding));
      }
      case "crop", "" -> draft.add(PreparationStep.of(Kind.CROP_TO, size.get(), filter));
      default -> {
        draft.note("fastai's Resize with the method \"%s\" is not followed".formatted(method));
        draft.size(size.get());
      }
    }
  }

  /** On validation: the whole image squished to a little more, then the centre. */
  private void randomResizedCrop(Object transform) {
    Optional<Size> size = pillowSize(Values.get(transform, "size"), "RandomResizedCrop");
    if (size.isEmpty()) {
      return;
    }
    double share = PickledNumbers.scalar(Values.get(transform, "val_xtra")).orElse(0.14);
    int height = size.get().height();
    int width = size.get().width();
    int extra = (int) Math.ceil(Math.max(height, width) * share / 8) * 8;
    draft.add(
        PreparationStep.of(
            Kind.RESIZE, new Size(height + extra, width + extra), filter(transform)));
    draft.add(PreparationStep.of(Kind.CENTER_CROP, size.get(), "floor"));
  }

  /** On validation: the centre of a ratio that is allowed, usually all, then a resize. */
  private void randomResizedCropOfBatch(Object transform) {
    Optional<Size> size = PickledNumbers.size(Values.get(transform, "size"));
    Optional<Size> reached = draft.reached();
    if (size.isEmpty()) {
      draft.note("fastai's RandomResizedCropGPU names no size that camjar can read");
      return;
    }
    List<Double> ratio = PickledNumbers.of(Values.get(transform, "ratio"));
    double scale = PickledNumbers.scalar(Values.get(transform, "valid_scale")).orElse(1.0);
    if (reached.isPresent() && ratio.size() == 2) {
      int height = reached.get().height();
      int width = reached.get().width();
      int h = height;
      int w = width;
      if ((double) width / height < ratio.get(0)) {
        h = (int) (width / ratio.get(0));
      } else if ((double) width / height > ratio.get(1)) {
        w = (int) (height * ratio.get(1));
      }
      Size kept = new Size(Math.max((int) (h * scale), 1), Math.max((int) (w * scale), 1));
      if (!kept.equals(reached.get()) && kept.height() <= height && kept.width() <= width) {
        draft.add(PreparationStep.of(Kind.CENTER_CROP, kept, "floor"));
      }
    }
    draft.add(PreparationStep.of(Kind.SAMPLE, size.get(), "corners"));
  }

  private void crop(Object transform) {
    pillowSize(Values.get(transform, "size"), Values.type(transform))
        .ifPresent(
            size -> {
              Object padding = Values.get(transform, "pad_mode");
              draft.add(
                  PreparationStep.of(
                      Kind.CENTER_CROP, size, "floor", Words.padding(padding, "constant", draft)));
            });
  }

  private void affine(Object transform) {
    Object named = Values.get(transform, "size");
    if (named == null) {
      return;
    }
    Optional<Size> size = PickledNumbers.size(named);
    String mode = Words.plain(Values.get(transform, "mode"));
    if (size.isEmpty()) {
      draft.note("the size of fastai's %s is not readable".formatted(Values.type(transform)));
      return;
    }
    if (!mode.isEmpty() && !mode.equals("bilinear")) {
      draft.note("fastai's mode \"%s\" of batches is not followed, bilinear is".formatted(mode));
    }
    if (!draft.reached().equals(size)) {
      boolean corners = Boolean.TRUE.equals(Values.get(transform, "align_corners"));
      boolean said = Values.has(transform, "align_corners");
      draft.add(
          PreparationStep.of(Kind.SAMPLE, size.get(), corners || !said ? "corners" : "centres"));
    }
  }

  private String filter(Object transform) {
    Object mode = Values.get(transform, "mode");
    List<Object> both = Values.items(Values.get(transform, "resamples"));
    return Words.filter(mode == null && !both.isEmpty() ? both.get(0) : mode, draft);
  }

  /** fastai keeps sizes of item transforms as Pillow has them: width, then height. */
  private Optional<Size> pillowSize(@Nullable Object value, String type) {
    Optional<Size> size = PickledNumbers.size(value).map(s -> new Size(s.width(), s.height()));
    if (size.isEmpty()) {
      draft.note("fastai's %s in the file names no size that camjar can read".formatted(type));
    }
    return size;
  }
}
