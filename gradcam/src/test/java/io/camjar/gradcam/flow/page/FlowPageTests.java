package io.camjar.gradcam.flow.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.camjar.engine.model.Network;
import io.camjar.engine.model.SyntheticInput;
import io.camjar.engine.model.SyntheticParameters;
import io.camjar.engine.model.resnet.LinearHead;
import io.camjar.engine.model.resnet.ResNetSpec;
import io.camjar.engine.statistics.Measure;
import io.camjar.gradcam.flow.FlowReport;
import io.camjar.gradcam.flow.GradientFlow;
import io.camjar.gradcam.flow.Thresholds;
import io.camjar.gradcam.report.Chromium;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The page in a real browser; skipped where Chromium is not installed. */
@Tag("any-jdk")
class FlowPageTests {
  private static final FlowPage PAGE = new FlowPage("Flow </script> of <b>", "@DATA@", "the end");
  private static final String READY =
      "new Promise(done => { const wait = () => document.querySelector('#points tr td')"
          + " ? done() : setTimeout(wait, 10); wait(); })";

  @TempDir static Path folder;
  private static FlowReport report;
  private static Chromium browser;

  @BeforeAll
  static void start() throws IOException {
    ResNetSpec spec = ResNetSpec.named("resnet18", new LinearHead(3)).withWidth(4);
    try (Network network = Network.of(spec, new SyntheticParameters());
        GradientFlow flow = new GradientFlow(network, Measure.full());
        INDArray x = SyntheticInput.images("page", 2, 3, 64, 64)) {
      network.update(parameters -> parameters.get("layer2.0.bn1.bias").assign(-1000));
      flow.add(x, logits -> new float[] {1, 0, 0});
      report = flow.report(Thresholds.STANDARD);
    }
    Optional<Path> binary = Chromium.find();
    assumeTrue(binary.isPresent(), "Chromium is not installed");
    browser = Chromium.start(binary.get(), folder.resolve("profile"));
  }

  @AfterAll
  static void stop() {
    if (browser != null) {
      browser.close();
    }
  }

  private static FlowData data(int updates) {
    FlowData data = new FlowData(0.05, Thresholds.STANDARD);
    for (int i = 0; i < updates; i++) {
      data.add(10L * i, "update " + 10 * i, 1.0 / (i + 1), report);
    }
    return data;
  }

  private static String open(Path page, int width, boolean mobile) {
    browser.open(page.toUri(), width, 900, mobile, "light");
    browser.evaluate(READY);
    return page.toUri().toString();
  }

  private static String text(String selector) {
    return browser.evaluate("document.querySelector('" + selector + "').textContent").asText();
  }

  private static int count(String selector) {
    return browser.evaluate("document.querySelectorAll('" + selector + "').length").asInt();
  }

  @Test
  void showsFindingsPointsAndPartsAndAsksForNothing() throws IOException {
    Path page = Files.writeString(folder.resolve("flow.html"), PAGE.render(data(1)));
    String address = open(page, 1360, false);
    assertThat(text("h1")).isEqualTo("Flow </script> of <b>");
    assertThat(text("header p")).isEqualTo("@DATA@");
    assertThat(text("#findings")).contains("dead", "units of layer2.0.relu1 are 0");
    assertThat(text("#point")).isEqualTo("layer2.0.bn1"); // where the first one began
    assertThat(text("#points")).contains("layer2.0.add.branch", "layer2.0.add.shortcut");
    assertThat(text("#parameters")).contains("layer4.1.conv2.weight");
    assertThat(browser.evaluate("document.getElementById('time').hidden").asBoolean()).isTrue();
    browser.press("ArrowRight");
    assertThat(text("#point")).isEqualTo("layer2.0.relu1");
    browser.evaluate("document.querySelector('#points tr[data-point=\"0\"]').click()");
    assertThat(text("#figures")).contains("activation");
    assertThat(text("#point")).isEqualTo("conv1");
    assertThat(browser.complaints()).isEmpty();
    assertThat(browser.requests()).containsExactly(address);
  }

  @Test
  void fitsOnAPhone() throws IOException {
    open(Files.writeString(folder.resolve("phone.html"), PAGE.render(data(3))), 390, true);
    assertThat(browser.evaluate("document.documentElement.scrollWidth").asInt())
        .isLessThanOrEqualTo(390);
  }

  @Test
  void manyUpdatesHaveChartsOverTimeAndASlider() throws IOException {
    open(Files.writeString(folder.resolve("many.html"), PAGE.render(data(3))), 1360, false);
    assertThat(text("#step-name")).isEqualTo("update 20");
    assertThat(count("figure[data-chart=loss] path")).isEqualTo(1);
    browser.evaluate(
        "(() => { const s = document.getElementById('step'); s.value = 0;"
            + " s.dispatchEvent(new Event('input')); })()");
    assertThat(text("#step-name")).isEqualTo("update 0");
    assertThat(browser.complaints()).isEmpty();
  }

  /** A page that was opened as a file reads the script next to it as the run goes on. */
  @Test
  void followsARunUntilItIsOver() throws IOException {
    Path logs = Files.createDirectory(folder.resolve("m-log"));
    LivePage live = new LivePage(logs, PAGE, data(0));
    live.add(0, "update 0", 2.0, report);
    open(logs.resolve("gradflow.html"), 1360, false);
    assertThat(text("#live output")).isEqualTo("live");
    live.add(10, "update 10", 1.0, report);
    live.end();
    browser.evaluate(
        "new Promise(done => { const wait = () =>"
            + " document.querySelector('#live output').textContent === 'live'"
            + " ? setTimeout(wait, 50) : done(); wait(); })");
    assertThat(text("#live output")).isEqualTo("the run is over");
    assertThat(text("#step-name")).isEqualTo("update 10");
    assertThat(browser.complaints()).isEmpty();
    assertThat(browser.requests()).allMatch(address -> address.startsWith("file:"));
  }

  @Test
  void holdsABoundedNumberOfUpdates() {
    FlowData data = data(3 * FlowData.MOST + 1);
    assertThat(data.size()).isBetween(FlowData.MOST / 2, FlowData.MOST);
    assertThat(data.json(false, null))
        .contains("{\"n\":0,", "{\"n\":40,", "{\"n\":%d,".formatted(30 * FlowData.MOST))
        .doesNotContain("{\"n\":10,");
  }
}
