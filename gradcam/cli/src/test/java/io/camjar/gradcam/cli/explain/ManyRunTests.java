package io.camjar.gradcam.cli.explain;

import static org.assertj.core.api.Assertions.assertThat;

import io.camjar.gradcam.Explainer;
import io.camjar.gradcam.Explanation;
import io.camjar.gradcam.Target;
import io.camjar.gradcam.TinyCheckpoint;
import io.camjar.gradcam.cli.images.Source;
import io.camjar.gradcam.cli.options.LoadedModel;
import io.camjar.gradcam.cli.options.Models;
import io.camjar.gradcam.cli.options.RunOptions;
import io.camjar.gradcam.cli.output.Format;
import io.camjar.gradcam.cli.output.ProgressOnErr;
import io.camjar.gradcam.image.HashedImage;
import io.camjar.gradcam.render.ColorMap;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.ref.WeakReference;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run holds on to nothing of the images it is done with. */
class ManyRunTests {
  private static final int PICTURES = 40;

  @TempDir private Path folder;
  private final List<WeakReference<Explanation>> made = new ArrayList<>();
  private final List<Integer> alive = new ArrayList<>();
  private final List<Explanation> kept = new ArrayList<>();

  @Test
  void noImageStaysInMemory() throws IOException {
    run(false);

    assertThat(alive).hasSize(PICTURES).allMatch(count -> count <= Overlap.most());
  }

  @Test
  void theMeasureSeesWhatIsKept() throws IOException {
    run(true);

    assertThat(alive).last().isEqualTo(PICTURES - 1);
    assertThat(kept).hasSize(PICTURES);
  }

  private void run(boolean keep) throws IOException {
    Path weights = new TinyCheckpoint().write(folder.resolve("tiny.safetensors"));
    StringWriter text = new StringWriter();
    PrintWriter writer = new PrintWriter(text);
    Output output =
        new Output(folder, Set.of(Format.JSON), true, ColorMap.JET, 0.5, List.of(), false);
    List<Watched> sources =
        IntStream.range(0, PICTURES).mapToObj(i -> new Watched(i, keep)).toList();
    try (LoadedModel model = Models.load(weights, null, writer);
        RunResults results = new RunResults(folder, sources, new RunOptions(Map.of()), false)) {
      Explainer explainer = model.explainer().withPreset(model.explainer().preset().withSize(40));
      ExplainRun each = new ExplainRun(List.of(explainer), List.of(Target.top1()), null, output);
      ProgressOnErr progress = new ProgressOnErr(writer, false, System::nanoTime);
      ManyRun run = new ManyRun(each, sources, results, progress, writer, writer, false, 9);

      assertThat(run.run()).isZero();
    }
    assertThat(text.toString()).contains("40 images");
  }

  /** Counts, when its turn comes, what is left of those before. */
  private final class Watched implements Source {
    private final int index;
    private final boolean keep;

    Watched(int index, boolean keep) {
      this.index = index;
      this.keep = keep;
    }

    @Override
    public String image() {
      return stem();
    }

    @Override
    public String stem() {
      return "picture" + index;
    }

    @Override
    public @Nullable Path file() {
      return null;
    }

    @Override
    public Explanation explain(Explainer explainer, List<Target> targets) {
      System.gc();
      alive.add((int) made.stream().filter(one -> one.get() != null).count());
      Explanation explanation = explainer.explain(stem(), HashedImage.of(40, 40), targets);
      made.add(new WeakReference<>(explanation));
      if (keep) {
        kept.add(explanation);
      }
      return explanation;
    }
  }
}
