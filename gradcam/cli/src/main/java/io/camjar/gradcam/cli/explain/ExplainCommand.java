package io.camjar.gradcam.cli.explain;

import io.camjar.engine.CamjarException;
import io.camjar.engine.model.Point;
import io.camjar.gradcam.ClassArguments;
import io.camjar.gradcam.Explainer;
import io.camjar.gradcam.Labels;
import io.camjar.gradcam.Readout;
import io.camjar.gradcam.Target;
import io.camjar.gradcam.cli.errors.ExitCode;
import io.camjar.gradcam.cli.images.ArraySource;
import io.camjar.gradcam.cli.images.ImageFiles;
import io.camjar.gradcam.cli.images.ImageSearch;
import io.camjar.gradcam.cli.images.ImageSource;
import io.camjar.gradcam.cli.images.SceneSource;
import io.camjar.gradcam.cli.images.Source;
import io.camjar.gradcam.cli.images.Stems;
import io.camjar.gradcam.cli.images.TrueClasses;
import io.camjar.gradcam.cli.options.Arguments;
import io.camjar.gradcam.cli.options.Candidates;
import io.camjar.gradcam.cli.options.DebugOption;
import io.camjar.gradcam.cli.options.DeviceOption;
import io.camjar.gradcam.cli.options.HelpOption;
import io.camjar.gradcam.cli.options.ImageArguments;
import io.camjar.gradcam.cli.options.ImageOptions;
import io.camjar.gradcam.cli.options.LoadedModel;
import io.camjar.gradcam.cli.options.Look;
import io.camjar.gradcam.cli.options.MapArguments;
import io.camjar.gradcam.cli.options.MemoryOption;
import io.camjar.gradcam.cli.options.ModelOptions;
import io.camjar.gradcam.cli.options.ReadoutOptions;
import io.camjar.gradcam.cli.options.RunOptions;
import io.camjar.gradcam.cli.options.ThreadsOption;
import io.camjar.gradcam.cli.output.Format;
import io.camjar.gradcam.cli.output.ProgressOnErr;
import io.camjar.gradcam.cli.output.Staging;
import io.camjar.gradcam.cli.start.KernelPlan;
import io.camjar.gradcam.cli.start.Work;
import io.camjar.gradcam.method.CamMethod;
import io.camjar.gradcam.method.CamMethods;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code camjar explain}: heat maps for images. */
@Command(
    name = "explain",
    description = {
      "Show where in an image a network found its answer.",
      "Without an image: the built-in model on the built-in scene, all layers."
    })
public final class ExplainCommand implements Callable<Integer> {
  private static final String ALL = "all";

  @Spec private CommandSpec spec;
  @ParentCommand private DebugOption root;
  @Mixin HelpOption help;
  @Mixin private ModelOptions options;

  @Mixin private ImageArguments pictures;

  @Mixin private ImageOptions reading;

  @Option(
      names = "--input-npy",
      paramLabel = "FILE",
      description = "Instead of IMAGE: a float32 array [N,C,H,W], already preprocessed.")
  private @Nullable Path inputNpy;

  @Option(
      names = "--layer",
      paramLabel = "NAME",
      split = ",",
      description =
          "Layers by path or alias, also layer4[-1], 'last' and patterns as 'layer3.*'; 'all' is"
              + " the stem and every block; an integer k is the output of"
              + " list(model.children())[:-k] (default: the last block).")
  private List<String> layers = new ArrayList<>();

  @Option(
      names = "--exit",
      paramLabel = "K|all",
      split = ",",
      description =
          "Which exits of a network that has several (MSDNet), counted from 1 (default: all).")
  private List<String> exits = new ArrayList<>();

  @Option(
      names = "--class",
      paramLabel = "N|NAME|topK",
      description = "Classes to explain; repeatable (default: top1).")
  private List<String> classes = new ArrayList<>();

  @Option(
      names = "--expect",
      paramLabel = "N|NAME",
      description =
          "The class that the images show: its map is put next to that of the predicted class.")
  private @Nullable String expect;

  @Option(
      names = "--method",
      paramLabel = "NAME[,NAME]",
      defaultValue = "gradcam",
      completionCandidates = Candidates.Methods.class,
      description =
          "How maps are made: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}). Of several, or"
              + " all, each has files of its own, and a sheet shows them next to one another.")
  private String method;

  @Option(
      names = "--beside",
      paramLabel = "METHOD",
      description =
          "A second method for the sheets of '--layer all' and the HTML page; meanactivation shows"
              + " what layers are busy with next to what speaks for a class.")
  private @Nullable String beside;

  @Mixin private ReadoutOptions readout;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      defaultValue = "camjar-out",
      description = "Where results go (default: ./${DEFAULT-VALUE}).")
  private Path out;

  @Option(
      names = "--format",
      paramLabel = "LIST",
      split = ",",
      defaultValue = "png,json",
      description =
          "What to write, of png, npy, json, html, gif, figure (default: ${DEFAULT-VALUE}).")
  private List<String> formats;

  @Option(
      names = "--colormap",
      paramLabel = "NAME",
      completionCandidates = Candidates.ColorMaps.class,
      description =
          "Colours of the maps: ${COMPLETION-CANDIDATES} (default: jet; magma where a method's maps"
              + " are the same for all classes).")
  private @Nullable String colormap;

  @Option(
      names = "--alpha",
      paramLabel = "A",
      description =
          "Share of the map in overlays, 0 to 1 (default: 0.5; with magma so chosen 0.45).")
  private @Nullable Double alpha;

  @Mixin private ThreadsOption threads;

  @Mixin private DeviceOption device;

  @Mixin private MemoryOption memory;

  @Mixin private MapArguments maps;

  @Override
  public Integer call() {
    checkUsage();
    memory.apply();
    boolean onCpu = device.select();
    Staging.check(out);
    ImageSearch found = ImageSearch.of(pictures.words(), out);
    // On a device the CPU has little to do: kernels that need no warm-up are the better ones.
    OptionalInt ended = KernelPlan.decide(onCpu ? passes(found) : 0);
    if (ended.isPresent()) {
      return ended.getAsInt();
    }
    noteAnimation();
    try (LoadedModel model = options.load()) {
      threads.apply();
      Explainer explainer = explainer(model);
      if (inputNpy == null) {
        options.preparing(explainer.preset(), spec.commandLine().getErr());
      } else {
        options.preparedAlready(model.network().architecture(), spec.commandLine().getErr());
      }
      TrueClasses truth = found.classes(explainer.labels());
      List<? extends Source> sources = sources(model, found, truth, explainer.labels());
      Optional<Target> expected =
          Optional.ofNullable(expect).map(word -> ClassArguments.one(word, explainer.readout()));
      List<Target> targets = targets(explainer, sources, expected);
      List<Explainer> explainers = explainers(explainer);
      say(explainer.readout());
      Look look = Look.of(methods(), colormap, alpha);
      Output output =
          new Output(
              out,
              Format.of(formats),
              maps.maps(),
              look.colors(),
              look.alpha(),
              evolution(model),
              pictures.overwrite());
      ExplainRun each =
          new ExplainRun(
              explainers,
              targets,
              expected
                  .map(target -> ClassArguments.label(target, explainer.readout()))
                  .orElse(null),
              output);
      if (sources.size() == 1 && !pictures.summary(1)) {
        each.run(sources.get(0)).print(spec.commandLine().getOut());
        return ExitCode.DONE;
      }
      say(found, truth);
      if (!pictures.summary(sources.size())) {
        return many(each, sources, null);
      }
      RunOptions made = RunOptions.of(spec, explainer, truth);
      if (!pictures.overwrite()) {
        RunResults.check(out, sources, made);
      }
      try (RunResults results = new RunResults(out, sources, made, pictures.resume())) {
        return many(each, sources, results);
      }
    }
  }

  private int many(ExplainRun each, List<? extends Source> sources, @Nullable RunResults results) {
    PrintWriter err = spec.commandLine().getErr();
    ProgressOnErr progress = ProgressOnErr.of(err);
    PrintWriter stdout = spec.commandLine().getOut();
    return new ManyRun(
            each, sources, results, progress, stdout, err, root.debug(), pictures.topLosses())
        .run();
  }

  private void say(ImageSearch found, TrueClasses truth) {
    PrintWriter err = spec.commandLine().getErr();
    if (found.passedOver() > 0) {
      err.printf("camjar: files passed over, no images by their looks: %d%n", found.passedOver());
    }
    if (truth.known()) {
      err.println("camjar: " + truth.describe());
    }
    err.flush();
  }

  private void say(Readout readout) {
    PrintWriter err = spec.commandLine().getErr();
    ReadoutOptions.say(readout, err);
    ClassArguments.remarks(askedFor(), readout.labels())
        .forEach(remark -> err.println("camjar: " + remark));
    err.flush();
  }

  /** All that was said of classes, as it was typed. */
  private List<String> askedFor() {
    List<String> words = new ArrayList<>(classes);
    if (expect != null) {
      words.add(expect);
    }
    maps.against().ifPresent(words::add);
    return words;
  }

  private void checkUsage() {
    readout.check();
    Arguments.require(
        spec,
        pictures.words().isEmpty() || inputNpy == null,
        "--input-npy takes the place of images; give one or the other");
    Arguments.require(
        spec,
        !isScene() || options.isBuiltin(),
        "there is no image to explain with the weights; name images, folders or patterns, or"
            + " prepared arrays with --input-npy (the built-in scene is for the built-in model)");
    device.check(spec);
    memory.check(spec);
    Arguments.requireUsable(spec, this::chosen);
    Look.check(spec, colormap, alpha);
    checkAnimation();
    options.checkUsage();
    pictures.check();
    reading.check();
    formats.replaceAll(format -> Arguments.requireKnown(spec, "--format", format, Format.names()));
    threads.check(spec);
    List<CamMethod> chosen = chosen();
    Arguments.require(spec, !chosen.isEmpty(), "--method has an empty name");
    chosen.forEach(maps::check);
    maps.checkFormats(formats);
    for (CamMethod way : chosen) {
      Arguments.require(
          spec,
          way.onlyLayer() == null || layers.isEmpty(),
          "%s has no choice of layers; leave --layer out".formatted(way.name()));
      Arguments.require(
          spec,
          way.onlyLayer() == null || chosen.size() == 1,
          "%s has no choice of layers and no place on a sheet of several methods; ask for it alone"
              .formatted(way.name()));
    }
    Arguments.require(
        spec,
        beside == null || chosen.size() == 1,
        "--beside goes with one method; name all of them in --method");
    if (beside != null) {
      checkBeside(beside);
    }
    for (String layer : layers) {
      Arguments.require(spec, !layer.isBlank(), "--layer has an empty name");
    }
    for (String exit : exits) {
      Arguments.require(
          spec,
          exit.equalsIgnoreCase(ALL) || exit.matches("[1-9]\\d{0,3}"),
          "--exit is '%s'; give the number of an exit, counted from 1, or all".formatted(exit));
    }
    for (String argument : classes) {
      Arguments.require(
          spec,
          !ClassArguments.isEmpty(argument),
          "--class is '%s'; give an index, a name or topK with K from 1".formatted(argument));
    }
  }

  /** An animation goes through all layers; where there is none, nobody shall look for it. */
  private void checkAnimation() {
    if (Format.of(formats).contains(Format.GIF) && !allLayers()) {
      Arguments.require(
          spec,
          Format.of(formats).size() > 1,
          "--format gif is an animation through all layers; add --layer all");
    }
  }

  private void noteAnimation() {
    if (Format.of(formats).contains(Format.GIF) && !allLayers()) {
      note("there is no gif, an animation through all layers: --layer all");
    }
  }

  /** How much there is to compute. */
  private long passes(ImageSearch found) {
    long images = found.pictures().size();
    if (inputNpy != null) {
      images = Work.inputs(inputNpy.toFile().length());
    }
    List<CamMethod> methods = methods();
    return Work.passes(Math.max(1, images), methods, maps.options(methods.get(0)).smoothing());
  }

  private void checkBeside(String second) {
    Arguments.requireUsable(spec, () -> CamMethods.named(second));
    for (CamMethod way : methods()) {
      Arguments.require(
          spec,
          way.onlyLayer() == null,
          way.name() + " has no choice of layers and cannot stand next to another method");
    }
    Arguments.require(
        spec,
        methods().stream().distinct().count() == 2,
        "--beside names the method that is shown already; give another one");
    Arguments.require(
        spec,
        allLayers() || formats.contains("html"),
        "--beside shows two methods on sheets and pages; add --layer all or --format html");
  }

  /** The method, and the one next to it. */
  private List<CamMethod> methods() {
    return Stream.concat(chosen().stream(), Stream.ofNullable(beside).map(CamMethods::named))
        .toList();
  }

  /**
   * The methods of {@code --method}, each once; of {@code all} those that have layers to choose.
   */
  private List<CamMethod> chosen() {
    if (method.strip().equalsIgnoreCase(ALL)) {
      return CamMethods.names().stream()
          .map(CamMethods::named)
          .filter(way -> way.onlyLayer() == null)
          .filter(way -> way.classDiscriminative() || !maps.counterfactual())
          .toList();
    }
    return Arrays.stream(method.split(","))
        .map(String::strip)
        .filter(name -> !name.isEmpty())
        .map(CamMethods::named)
        .distinct()
        .toList();
  }

  /**
   * The explainer for each method. Of {@code --method all} those that the network has: without a
   * classifier the ones that know no class, and none that has no map of a layer that was asked for.
   *
   * @throws CamjarException if a method that was named cannot explain it
   */
  private List<Explainer> explainers(Explainer first) {
    List<Explainer> each = new ArrayList<>();
    if (method.strip().equalsIgnoreCase(ALL)) {
      boolean classes = first.labels().count() > 0;
      for (CamMethod way : chosen()) {
        if (first.suits(way) && (classes || !way.classDiscriminative())) {
          Explainer one = first.withOptions(maps.options(way));
          Optional<String> refusal = one.refusal().or(() -> scoreRefusal(one));
          refusal.ifPresent(why -> note("%s is left out: %s".formatted(way.name(), why)));
          if (refusal.isEmpty()) {
            each.add(one);
          }
        }
      }
    } else {
      chosen().forEach(way -> each.add(first.withOptions(maps.options(way))));
    }
    if (each.isEmpty()) {
      each.add(first);
    }
    for (Explainer one : each) {
      one.check();
      CamjarException.throwIf(scoreRefusal(one));
      one.options().method().caution().ifPresent(this::note);
    }
    if (beside != null) {
      CamMethods.named(beside).caution().ifPresent(this::note);
    }
    return each;
  }

  /** Why the score that was asked for cannot be explained by its methods. */
  private Optional<String> scoreRefusal(Explainer one) {
    int outputs = one.labels().outputs();
    return maps.refusal(one.options().method(), outputs)
        .or(
            () ->
                Optional.ofNullable(beside)
                    .flatMap(name -> maps.refusal(CamMethods.named(name), outputs)));
  }

  private void note(String sentence) {
    spec.commandLine().getErr().println("camjar: note: " + sentence);
  }

  private Explainer explainer(LoadedModel model) {
    PrintWriter err = spec.commandLine().getErr();
    List<CamMethod> ways = methods();
    Explainer explainer =
        model
            .explainer()
            .withOptions(maps.options(ways.get(0)))
            .withProgress(ProgressOnErr.of(err));
    if (beside != null) {
      explainer = explainer.withSecondMethod(CamMethods.named(beside));
    }
    explainer = readout.apply(explainer);
    explainer = explainer.withReadout(ClassArguments.sided(askedFor(), explainer.readout()));
    if (!exits.isEmpty() || !model.network().architecture().exits().isEmpty()) {
      explainer = explainer.withExits(exits());
    }
    if (!layers.isEmpty()) {
      return explainer.withLayers(layers);
    }
    return isScene() ? explainer.withLayers("all") : explainer;
  }

  /** The exits that were asked for; none for all. */
  private int[] exits() {
    return exits.stream().anyMatch(ALL::equalsIgnoreCase)
        ? new int[0]
        : exits.stream().mapToInt(Integer::parseInt).toArray();
  }

  private List<Target> targets(
      Explainer explainer, List<? extends Source> sources, Optional<Target> expected) {
    if (explainer.labels().count() == 0) {
      if (!classes.isEmpty()) {
        throw new CamjarException(
            explainer.model().source()
                + " has no classifier, so there are no classes; leave --class out");
      }
      return List.of(Target.noClass());
    }
    List<Target> wanted =
        new ArrayList<>(ClassArguments.targets(wantedClasses(sources), explainer.readout()));
    if (expected.isPresent()) {
      wanted.add(Target.top1());
      wanted.add(expected.get());
    }
    return maps.scores(wanted, explainer.readout());
  }

  private List<String> wantedClasses(List<? extends Source> sources) {
    if (!classes.isEmpty()) {
      return classes;
    }
    boolean known = options.isBuiltin() && sources.get(0) instanceof SceneSource;
    return known ? ((SceneSource) sources.get(0)).classes() : List.of("top1");
  }

  /** The layers of the sheet: stem and blocks if all were asked for, else none. */
  private List<String> evolution(LoadedModel model) {
    boolean everywhere = chosen().stream().allMatch(way -> way.onlyLayer() == null);
    return allLayers() && everywhere
        ? model.network().points().blocks().stream().map(Point::path).toList()
        : List.of();
  }

  private boolean allLayers() {
    return layers.stream().anyMatch("all"::equalsIgnoreCase) || (layers.isEmpty() && isScene());
  }

  private boolean isScene() {
    return pictures.words().isEmpty() && inputNpy == null;
  }

  private List<? extends Source> sources(
      LoadedModel model, ImageSearch found, TrueClasses truth, Labels labels) {
    if (inputNpy != null) {
      return ArraySource.open(inputNpy, model.network().architecture());
    }
    if (isScene()) {
      return List.of(new SceneSource());
    }
    Stems stems = new Stems();
    if (pictures.summary(found.pictures().size())) {
      stems.reserve(RunResults.STEM).reserve(RunResults.INDEX);
    }
    ImageFiles files = new ImageFiles(reading.options(), spec.commandLine().getErr());
    return found.pictures().stream()
        .map(
            picture ->
                new ImageSource(
                    picture.file(),
                    stems.next(picture.file()),
                    truth.of(picture.classFolder(labels)),
                    files))
        .toList();
  }
}
