package io.camjar.gradcam.train.data;

import io.camjar.engine.CamjarException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Images with one folder a class: {@code train/CLASS/...} and {@code val/CLASS/...} in a folder, in
 * one tar, or in {@code train.tar} and {@code val.tar} of a folder. Classes are in the alphabetical
 * order of their folders, as torchvision's {@code ImageFolder} has it; a file {@code labels.txt}
 * next to them may name them, a folder, a tab and a name a line.
 *
 * @param folders of the classes, in index order
 * @param names of the classes, in index order
 * @param train images to learn from
 * @param val images to measure with
 */
public record Dataset(
    List<String> folders, List<String> names, List<Sample> train, List<Sample> val) {

  /** One file of a data set. */
  record Member(String path, boolean folder, Sample.Source source) {}

  /**
   * Finds the images; nothing is decoded.
   *
   * @throws CamjarException if there are no two classes with images, or a class is empty
   */
  public static Dataset open(Path place) {
    try {
      if (Files.isRegularFile(place)) {
        return of(place, TarImages.list(place));
      }
      if (!Files.isDirectory(place)) {
        throw new CamjarException(
            "there is no folder or tar %s to train on; check the path".formatted(place));
      }
      List<Member> members = new ArrayList<>();
      for (String part : List.of("train", "val")) {
        Path tar = place.resolve(part + ".tar");
        if (Files.isDirectory(place.resolve(part))) {
          members.addAll(FolderMembers.list(place, part));
        } else if (Files.isRegularFile(tar)) {
          members.addAll(TarImages.list(tar));
        }
      }
      Path labels = place.resolve("labels.txt");
      if (Files.isRegularFile(labels)) {
        members.add(new Member("labels.txt", false, () -> Files.readAllBytes(labels)));
      }
      return of(place, members);
    } catch (IOException e) {
      throw new CamjarException(
          "%s could not be read (%s); check the disk and the permissions"
              .formatted(place, e.getMessage()),
          e);
    }
  }

  private static Dataset of(Path place, List<Member> members) throws IOException {
    Map<String, List<Member>> train = classes("train", members);
    Map<String, List<Member>> val = classes("val", members);
    requireClasses(place, train, val);
    List<String> folders = List.copyOf(train.keySet());
    Map<String, String> names = new LinkedHashMap<>();
    for (Member member : members) {
      if (member.path.equals("labels.txt")) {
        names.putAll(labels(new String(member.source.read(), StandardCharsets.UTF_8)));
      }
    }
    return new Dataset(
        folders,
        folders.stream().map(folder -> names.getOrDefault(folder, folder)).toList(),
        samples(folders, train),
        samples(folders, val));
  }

  /** Names by folder. Before a tab there may be blanks; without one, blanks part the two. */
  private static Map<String, String> labels(String text) {
    Map<String, String> names = new LinkedHashMap<>();
    text.replaceFirst("^\uFEFF", "") // the mark that Windows' editor begins with
        .lines()
        .map(line -> line.strip().split(line.strip().contains("\t") ? "\t+" : " +", 2))
        .filter(words -> words.length == 2)
        .forEach(words -> names.put(words[0].strip(), words[1].strip()));
    return names;
  }

  private static Map<String, List<Member>> classes(String part, List<Member> members) {
    Map<String, List<Member>> classes = new TreeMap<>();
    for (Member member : members) {
      String[] words = member.path.split("/", 3);
      if (words.length >= 2 && words[0].equals(part) && !words[1].startsWith(".")) {
        if (member.folder) {
          classes.computeIfAbsent(words[1], name -> new ArrayList<>());
        } else if (words.length == 3) {
          classes.computeIfAbsent(words[1], name -> new ArrayList<>()).add(member);
        }
      }
    }
    return classes;
  }

  private static void requireClasses(
      Path place, Map<String, List<Member>> train, Map<String, List<Member>> val) {
    requirePart(place, "train", train);
    requirePart(place, "val", val);
    train.forEach(
        (name, images) -> {
          if (images.isEmpty()) {
            throw new CamjarException(
                "the class folder train/%s of %s holds no images; put some in it, or remove it"
                    .formatted(name, place));
          }
        });
    if (train.size() == 1) {
      throw new CamjarException(
          "%s has one class only, %s; a classifier needs at least two, so add a folder of other images"
              .formatted(place, train.keySet().iterator().next()));
    }
    Set<String> unknown = new TreeSet<>(val.keySet());
    unknown.removeAll(train.keySet());
    if (!unknown.isEmpty()) {
      throw new CamjarException(
          "%s has val/%s, but no such folder in train; folders of a class have the same name in both"
              .formatted(place, unknown.iterator().next()));
    }
    if (val.values().stream().allMatch(List::isEmpty)) {
      throw new CamjarException(
          "the folders in val of %s hold no images; put some in them".formatted(place));
    }
  }

  private static void requirePart(Path place, String part, Map<String, List<Member>> classes) {
    if (classes.isEmpty()) {
      throw new CamjarException(
          "%s has no folder %s with one folder of images a class; make %s/CLASS and put images in it"
              .formatted(place, part, part));
    }
  }

  private static List<Sample> samples(List<String> folders, Map<String, List<Member>> classes) {
    List<Sample> samples = new ArrayList<>();
    for (int index = 0; index < folders.size(); index++) {
      List<Member> images = new ArrayList<>(classes.getOrDefault(folders.get(index), List.of()));
      images.sort((a, b) -> a.path.compareTo(b.path));
      for (Member image : images) {
        samples.add(new Sample(image.path, index, image.source));
      }
    }
    return List.copyOf(samples);
  }

  /** The folders of classes that have no images to measure with. */
  public List<String> unmeasured() {
    List<String> missing = new ArrayList<>(folders);
    val.forEach(sample -> missing.remove(folders.get(sample.classIndex())));
    return missing;
  }
}
