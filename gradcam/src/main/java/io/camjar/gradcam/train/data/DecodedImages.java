package io.camjar.gradcam.train.data;

import io.camjar.gradcam.image.ImageException;
import io.camjar.gradcam.image.Images;
import io.camjar.gradcam.image.RgbImage;
import io.camjar.gradcam.image.decode.ReadOptions;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.UnaryOperator;

/**
 * The images of a data set, decoded and brought to a size; kept in memory as far as a limit allows,
 * decoded again where it does not. Used by several threads.
 */
public final class DecodedImages {
  private final List<Sample> samples;
  private final UnaryOperator<RgbImage> sized;
  private final AtomicLong room;
  private final AtomicReferenceArray<RgbImage> kept;
  private final Map<String, String> unusable = new TreeMap<>();

  /**
   * Images.
   *
   * @param sized makes an image small; the same for the same image
   * @param room bytes that may be kept, shared with others
   */
  public DecodedImages(List<Sample> samples, UnaryOperator<RgbImage> sized, AtomicLong room) {
    this.samples = samples;
    this.sized = sized;
    this.room = room;
    this.kept = new AtomicReferenceArray<>(samples.size());
  }

  /** How many there are, with those that cannot be used. */
  public int count() {
    return samples.size();
  }

  /** The sample of that number. */
  public Sample sample(int index) {
    return samples.get(index);
  }

  /** The image of that number; empty if it cannot be read, which is noted. */
  public Optional<RgbImage> get(int index) {
    RgbImage found = kept.get(index);
    if (found != null) {
      return Optional.of(found);
    }
    Sample sample = samples.get(index);
    if (isUnusable(sample)) {
      return Optional.empty();
    }
    try {
      RgbImage image =
          sized.apply(
              Images.read(sample.source().read(), sample.name(), ReadOptions.STANDARD).image());
      long bytes = 3L * image.width() * image.height();
      if (room.addAndGet(-bytes) >= 0) {
        kept.set(index, image);
      } else {
        room.addAndGet(bytes);
      }
      return Optional.of(image);
    } catch (ImageException e) {
      note(sample, String.valueOf(e.getMessage()));
    } catch (NoSuchFileException e) {
      note(sample, sample.name() + " could not be read: there is no such file");
    } catch (IOException e) {
      note(sample, sample.name() + " could not be read: " + e);
    }
    return Optional.empty();
  }

  private boolean isUnusable(Sample sample) {
    synchronized (unusable) {
      return unusable.containsKey(sample.name());
    }
  }

  private void note(Sample sample, String why) {
    synchronized (unusable) {
      unusable.put(sample.name(), why);
    }
  }

  /** What could not be used so far, and why, by name. */
  public Map<String, String> unusable() {
    synchronized (unusable) {
      return new TreeMap<>(unusable);
    }
  }
}
