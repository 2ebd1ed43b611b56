package io.camjar.gradcam.train.log;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.camjar.gradcam.train.EpochReport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The reports of epochs as {@code log.csv}, {@code log.jsonl} and an event file, all written anew
 * when training goes on, so that each epoch is there once.
 */
public final class TrainingLog {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path folder;
  private final EventFile events;
  private final List<EpochReport> reports;

  /**
   * A log in a folder, which is made.
   *
   * @param before reports of epochs that another run did
   */
  public TrainingLog(Path folder, List<EpochReport> before) {
    this.folder = folder;
    this.reports = new ArrayList<>(before);
    try {
      Files.createDirectories(folder);
      this.events = EventFile.create(folder);
      for (EpochReport report : before) {
        events.add(report.epoch(), scalars(report));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Writes an epoch down. */
  public void add(EpochReport report) {
    reports.add(report);
    try {
      events.add(report.epoch(), scalars(report));
      StringBuilder csv =
          new StringBuilder(
              "epoch,train_loss,train_accuracy,val_loss,accuracy,images_per_second,rate\n");
      StringBuilder lines = new StringBuilder();
      for (EpochReport one : reports) {
        csv.append(
            String.format(
                Locale.ROOT,
                "%d,%.6f,%.6f,%.6f,%.6f,%.1f,%.8g%n",
                one.epoch(),
                one.trainLoss(),
                one.trainAccuracy(),
                one.valLoss(),
                one.accuracy(),
                one.imagesPerSecond(),
                one.rate()));
        lines.append(json(one)).append('\n');
      }
      Files.writeString(folder.resolve("log.csv"), csv, StandardCharsets.UTF_8);
      Files.writeString(folder.resolve("log.jsonl"), lines, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A report as one line of JSON. */
  public static String json(EpochReport report) {
    try {
      return JSON.writeValueAsString(report);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Map<String, Double> scalars(EpochReport report) {
    Map<String, Double> scalars = new LinkedHashMap<>();
    scalars.put("loss/train", report.trainLoss());
    scalars.put("loss/val", report.valLoss());
    scalars.put("accuracy/train", report.trainAccuracy());
    scalars.put("accuracy/val", report.accuracy());
    scalars.put("speed/images_per_second", report.imagesPerSecond());
    scalars.put("rate", report.rate());
    return scalars;
  }
}
