package io.camjar.gradcam.cli.gradflow;

import io.camjar.engine.CamjarException;
import io.camjar.engine.kernel.HostCopy;
import io.camjar.engine.model.Network;
import io.camjar.engine.statistics.Measure;
import io.camjar.gradcam.Explained;
import io.camjar.gradcam.Explainer;
import io.camjar.gradcam.Target;
import io.camjar.gradcam.cli.errors.ExitCode;
import io.camjar.gradcam.cli.errors.Failures;
import io.camjar.gradcam.cli.images.FoundImage;
import io.camjar.gradcam.cli.images.ImageFiles;
import io.camjar.gradcam.cli.options.LoadedModel;
import io.camjar.gradcam.cli.output.ProgressOnErr;
import io.camjar.gradcam.cli.output.RecordJson;
import io.camjar.gradcam.cli.output.Staging;
import io.camjar.gradcam.cli.output.Version;
import io.camjar.gradcam.flow.FlowCharts;
import io.camjar.gradcam.flow.FlowRecord;
import io.camjar.gradcam.flow.FlowReport;
import io.camjar.gradcam.flow.GradientFlow;
import io.camjar.gradcam.flow.Thresholds;
import io.camjar.gradcam.flow.page.FlowData;
import io.camjar.gradcam.flow.page.FlowPage;
import io.camjar.gradcam.image.Preset;
import io.camjar.gradcam.render.Png;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.nd4j.linalg.api.ndarray.INDArray;
import picocli.CommandLine;

/** Runs images through a network, batch by batch, and writes what flowed. */
final class GradflowRun {
  private static final String STEM = "gradflow";

  private final Network network;
  private final Explainer explainer;
  private final Target target;
  private final String asked;
  private final ImageFiles files;
  private final PrintWriter stdout;
  private final PrintWriter err;
  private final boolean debug;

  /**
   * A run.
   *
   * @param target whose score the gradients are of
   * @param asked the same as it was typed
   */
  GradflowRun(
      LoadedModel model,
      Target target,
      String asked,
      ImageFiles files,
      CommandLine commandLine,
      boolean debug) {
    this.network = model.network();
    this.explainer = model.explainer();
    this.target = target;
    this.asked = asked;
    this.files = files;
    this.stdout = commandLine.getOut();
    this.err = commandLine.getErr();
    this.debug = debug;
  }

  /** Does it; returns the exit code. */
  int run(List<FoundImage> pictures, Measure measure, Thresholds thresholds, Path out) {
    Preset preset = explainer.preset().withChannels(network.architecture().inChannels());
    int most = GradientFlow.batch(network, preset.height(), preset.width());
    ProgressOnErr progress = ProgressOnErr.of(err);
    int failed = 0;
    int done = 0;
    try (GradientFlow flow = new GradientFlow(network, measure)) {
      List<float[]> batch = new ArrayList<>();
      progress.at("gradient flow", 0, pictures.size());
      for (FoundImage picture : pictures) {
        try {
          batch.add(preset.apply(files.read(picture.file()).image()).values());
        } catch (CamjarException e) {
          failed++;
          progress.above(() -> Failures.report(e, err, debug));
        }
        done++;
        if (batch.size() == most || (done == pictures.size() && !batch.isEmpty())) {
          add(flow, batch, preset);
          batch.clear();
          progress.at("gradient flow", done, pictures.size());
        }
      }
      progress.close();
      if (failed == pictures.size()) {
        return ExitCode.UNUSABLE; // each was reported
      }
      FlowReport report = flow.report(thresholds);
      List<Path> written = write(report, measure, thresholds, preset, out);
      FlowText.print(report, stdout);
      stdout.printf(
          "wrote %s%n", written.stream().map(Path::toString).collect(Collectors.joining(", ")));
      stdout.flush();
    }
    return failed == 0 ? ExitCode.DONE : ExitCode.UNUSABLE;
  }

  private void add(GradientFlow flow, List<float[]> batch, Preset preset) {
    int length = preset.channels() * preset.height() * preset.width();
    float[] values = new float[batch.size() * length];
    for (int n = 0; n < batch.size(); n++) {
      System.arraycopy(batch.get(n), 0, values, n * length, length);
    }
    try (INDArray x =
        HostCopy.array(values, batch.size(), preset.channels(), preset.height(), preset.width())) {
      flow.add(x, this::seed);
    }
  }

  /** The gradient of the sum of the scores with respect to the outputs of one image. */
  private float[] seed(float[] logits) {
    float[] sum = new float[logits.length];
    for (Explained explained : target.explained(logits, explainer.readout())) {
      float[] gradient = explained.score().gradient(logits);
      for (int i = 0; i < sum.length; i++) {
        sum[i] += gradient[i];
      }
    }
    return sum;
  }

  private byte[] page(
      String title, String subtitle, FlowReport report, Measure measure, Thresholds thresholds) {
    FlowData data = new FlowData(measure.nearZero(), thresholds);
    data.add(0, "", null, report);
    String footer = Version.name() + ", weights from " + explainer.model().source();
    return new FlowPage(title, subtitle, footer).render(data).getBytes(StandardCharsets.UTF_8);
  }

  private List<Path> write(
      FlowReport report, Measure measure, Thresholds thresholds, Preset preset, Path out) {
    String score = "logit of " + asked + ", summed over images";
    FlowRecord record =
        FlowRecord.of(report, explainer.model(), preset.toString(), score, measure.nearZero());
    String title = "Gradient flow of " + network.architecture().name();
    String subtitle =
        "%d image%s, %s, preset %s"
            .formatted(report.images(), report.images() == 1 ? "" : "s", score, preset);
    try (Staging staging = new Staging(out)) {
      staging.add(STEM + ".csv", FlowCsv.of(report));
      staging.add(STEM + ".json", RecordJson.bytes(record));
      staging.add(STEM + ".png", Png.encode(FlowCharts.draw(title, subtitle, report)));
      staging.add(STEM + ".html", page(title, subtitle, report, measure, thresholds));
      return staging.commit();
    }
  }
}
