package io.camjar.gradcam.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.camjar.gradcam.image.Images;
import io.camjar.gradcam.image.RgbImage;
import io.camjar.gradcam.render.ColorMap;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The page in a real browser; skipped where Chromium is not installed. */
@Tag("any-jdk")
class ReportPageTests {
  /** Where the images of the page are left for people to look at. */
  private static final Path SHOTS = Path.of("target", "report");

  @TempDir static Path folder;
  private static Chromium browser;

  @BeforeAll
  static void start() throws IOException {
    Optional<Path> binary = Chromium.find();
    assumeTrue(binary.isPresent(), "Chromium is not installed");
    browser = Chromium.start(binary.get(), folder.resolve("profile"));
    HtmlReport.write(SampleReport.report(), ColorMap.MAGMA, 0.6, page());
    Files.createDirectories(SHOTS);
  }

  @AfterAll
  static void stop() {
    if (browser != null) {
      browser.close();
    }
  }

  private static Path page() {
    return folder.resolve("page.html");
  }

  private void open(int width, int height, boolean mobile, String scheme) {
    browser.open(page().toUri(), width, height, mobile, scheme);
    waitForTheMaps();
  }

  private static void waitForTheMaps() {
    browser.evaluate(
        "new Promise(done => { const wait = () => document.getElementById('layer-name').textContent"
            + " ? done() : setTimeout(wait, 10); wait(); })");
  }

  private void openOnADesk() {
    open(1360, 900, false, "light");
  }

  @Test
  void complainsOfNothingAndAsksForNothing() {
    openOnADesk();
    for (String key : "ArrowLeft ArrowDown m c - + h Home End".split(" ")) {
      browser.press(key);
    }
    pointInside(0.5, 0.5);

    assertThat(browser.complaints()).isEmpty();
    assertThat(browser.requests()).containsExactly(page().toUri().toString());
  }

  /** The checks above can fail. */
  @Test
  void aPageThatErrsAndAsksIsNoticed() throws IOException {
    Path bad = folder.resolve("bad.html");
    Files.writeString(
        bad, "<script>console.error('wrong'); new Image().src = 'http://127.0.0.1:9/x'</script>");

    browser.open(bad.toUri(), 300, 200, false, "light");
    browser.evaluate("new Promise(done => setTimeout(done, 200))");

    assertThat(browser.complaints()).anyMatch(text -> text.contains("wrong"));
    assertThat(browser.requests()).contains("http://127.0.0.1:9/x");
  }

  @Test
  void thePolicyForbidsWhatAnInjectedImageWouldAsk() {
    openOnADesk();

    String outcome =
        browser
            .evaluate(
                "new Promise(done => { const i = new Image(); i.onload = () => done('loaded');"
                    + " i.onerror = () => done('refused'); i.src = 'http://127.0.0.1:9/x'; })")
            .asText();

    assertThat(outcome).isEqualTo("refused");
    assertThat(browser.complaints()).anyMatch(text -> text.contains("Content Security Policy"));
  }

  @Test
  void theSliderChangesTheMap() {
    openOnADesk();
    String before = heat();

    slide("layer", 0);

    assertThat(text("layer-name")).isEqualTo("stem");
    assertThat(heat()).isNotEqualTo(before);
    slide("layer", 3);
    assertThat(text("layer-name")).isEqualTo("layer4.2");
    assertThat(heat()).isEqualTo(before);
  }

  @Test
  void thePointerShowsTheValueThere() {
    openOnADesk();

    // Grad-CAM of class 4 rises from 0 at the left of what the network saw to 1 at its right.
    for (double share : new double[] {0.2, 0.5, 0.75}) {
      pointInside(share, 0.4);
      assertThat(Double.parseDouble(text("value"))).isCloseTo(share, within(0.011));
      assertThat(text("tip")).isEqualTo(text("value"));
      assertThat(text("where")).contains("y 1");
    }
    double bar =
        browser
            .evaluate("parseFloat(document.querySelector('#profile .on').style.height)")
            .asDouble();
    assertThat(bar).isCloseTo(75, within(1.1));
  }

  @Test
  void outsideWhatTheNetworkSawThereIsNoValue() {
    openOnADesk();

    pointAt(0.05, 0.5);

    assertThat(text("value")).isEmpty();
    assertThat(text("where")).isEqualTo("outside what the network saw");
  }

  @Test
  void classesMethodsAndColoursSwitch() {
    openOnADesk();
    String ramp = heat();

    browser.evaluate("document.querySelector('#classes [data-value=\"7\"]').click()");
    String constant = heat();
    browser.evaluate("document.querySelector('#colors [data-value=jet]').click()");

    assertThat(constant).isNotEqualTo(ramp);
    assertThat(heat()).isNotEqualTo(constant);
    browser.evaluate("document.querySelector('#classes [data-value=\"4\"]').click()");
    browser.evaluate("document.querySelector('#colors [data-value=magma]').click()");
    assertThat(heat()).isEqualTo(ramp);
    browser.evaluate("document.querySelector('#methods [data-value=LayerCAM]').click()");
    pointInside(0.1, 0.1);
    assertThat(text("value")).isEqualTo("1.00");
  }

  @Test
  void theColoursAreTheTables() {
    openOnADesk();
    browser.evaluate("document.querySelector('#methods [data-value=LayerCAM]').click()");
    slide("layer", 1);

    for (String name : ColorMap.names()) {
      browser.evaluate("document.querySelector('#colors [data-value=" + name + "]').click()");
      JsonNode pixel =
          browser.evaluate(
              "[...document.getElementById('heat').getContext('2d')"
                  + ".getImageData(9, 9, 1, 1).data]");
      // The map is 0.5 throughout, entry 127.
      for (int c = 0; c < 3; c++) {
        assertThat(pixel.get(c).asInt()).isEqualTo(ColorMap.named(name).sample(127, c));
      }
    }
  }

  @Test
  void coloursThatBeginInBlackLetTheImageThroughWhereThereIsNothing() {
    openOnADesk();

    for (String name : ColorMap.names()) {
      browser.evaluate("document.querySelector('#colors [data-value=" + name + "]').click()");
      int leastAlpha =
          browser
              .evaluate(
                  "(() => { const heat = document.getElementById('heat');return"
                      + " heat.getContext('2d').getImageData(0, 0, heat.width,"
                      + " heat.height).data.reduce((least, x, i) => i % 4 === 3 ? Math.min(least,"
                      + " x) : least, 255) })()")
              .asInt();
      ColorMap colors = ColorMap.named(name);
      boolean black =
          Math.max(colors.sample(0, 0), Math.max(colors.sample(0, 1), colors.sample(0, 2))) < 64;
      // The ramp begins at 1/14 and is opaque from 1/2 on.
      assertThat(leastAlpha).as(name).isEqualTo(black ? 36 : 255);
    }
  }

  @Test
  void opacityFades() {
    openOnADesk();

    slide("opacity", 25);

    assertThat(browser.evaluate("document.getElementById('heat').style.opacity").asDouble())
        .isEqualTo(0.25);
  }

  @Test
  void theKeyboardDoesEverything() {
    openOnADesk();

    browser.press("Home");
    assertThat(text("layer-name")).isEqualTo("stem");
    browser.press("ArrowRight");
    assertThat(text("layer-name")).isEqualTo("layer1.0");
    browser.press("ArrowDown");
    assertThat(pressed("classes")).isEqualTo("7");
    browser.press("m");
    assertThat(pressed("methods")).isEqualTo("LayerCAM");
    browser.press("c");
    assertThat(pressed("colors")).isEqualTo("jet");
    browser.press("-");
    assertThat(text("opacity-value")).isEqualTo("55 %");
    browser.press(" ");
    assertThat(attribute("play", "aria-pressed")).isEqualTo("true");
    browser.press("End");
    assertThat(attribute("play", "aria-pressed")).isEqualTo("false");
    assertThat(text("layer-name")).isEqualTo("layer4.2");
  }

  @Test
  void aLayerWithNothingToShowSaysSo() {
    openOnADesk();
    assertThat(hidden("status")).isTrue();

    browser.evaluate("document.querySelector('#classes [data-value=\"7\"]').click()");
    slide("layer", 1);

    assertThat(hidden("status")).isFalse();
    assertThat(text("status")).isEqualTo("no positive evidence");
    pointInside(0.5, 0.5);
    assertThat(text("value")).isEmpty();
  }

  @Test
  void whatAReaderMustKnowOfAMethodIsSaidWhereItIsChosen() {
    openOnADesk();
    assertThat(text("facts")).doesNotContain("Note");

    browser.press("m");

    assertThat(text("facts")).endsWith("NoteLayerCAM is <b>shy</b>");
  }

  @Test
  void labelsAreTextAndNeverMarkup() {
    openOnADesk();

    assertThat(
            browser
                .evaluate("document.querySelector('#classes [data-value=\"7\"] b').textContent")
                .asText())
        .isEqualTo("</script><script>alert(1)</script>");
    assertThat(browser.evaluate("document.title").asText()).isEqualTo("ball & <parachute>.png");
  }

  @Test
  void fitsAPhone() throws IOException {
    open(390, 844, true, "light");

    assertThat(browser.evaluate("document.documentElement.scrollWidth").asInt()).isEqualTo(390);
    JsonNode stage =
        browser.evaluate(
            "JSON.parse(JSON.stringify(document.getElementById('stage').getBoundingClientRect()))");
    assertThat(stage.get("width").asDouble()).isGreaterThan(340);
    assertThat(stage.get("bottom").asDouble()).isLessThan(500);
    Files.write(SHOTS.resolve("phone.png"), browser.screenshot());
  }

  @Test
  void aTapShowsTheValueAndLeavesItThere() {
    open(390, 844, true, "light");
    JsonNode stage = box("stage");

    browser.tapAt(
        stage.get("left").asDouble() + 0.5 * stage.get("width").asDouble(),
        stage.get("top").asDouble() + 0.5 * stage.get("height").asDouble());

    assertThat(Double.parseDouble(text("value"))).isCloseTo(0.5, within(0.011));
  }

  @Test
  void theStripFollowsTheSlider() {
    open(300, 700, true, "light");

    for (int layer : new int[] {0, 3}) {
      slide("layer", layer);
      JsonNode current =
          browser.evaluate(
              "JSON.parse(JSON.stringify(document.querySelector('#strip [aria-current=true]')"
                  + ".getBoundingClientRect()))");
      assertThat(current.get("left").asDouble()).isGreaterThanOrEqualTo(0);
      assertThat(current.get("right").asDouble()).isLessThanOrEqualTo(300);
    }
  }

  /** Of a strip of paper, 1 by 200, each layer's image was 17,600 pixels high. */
  @ParameterizedTest
  @CsvSource({"10, 2000", "2000, 10", "60, 120"})
  void theStripsImagesAreAsLargeAsOnesThumbWhateverTheImage(int width, int height)
      throws IOException {
    Path page = folder.resolve("narrow.html");
    RgbImage picture = RgbImage.of(width, height, new byte[width * height * 3]);
    HtmlReport.write(SampleReport.of(picture), ColorMap.MAGMA, 0.6, page);
    for (boolean phone : new boolean[] {false, true}) {
      browser.open(page.toUri(), phone ? 400 : 1360, 900, phone, "light");
      waitForTheMaps();

      JsonNode boxes =
          browser.evaluate(
              "[...document.querySelectorAll('#strip canvas')].map(c => c.offsetHeight)");

      assertThat(boxes).hasSize(SampleReport.LAYERS.size());
      assertThat(boxes).allMatch(box -> box.asInt() <= 180);
      assertThat(browser.evaluate("document.querySelector('#strip').offsetHeight").asInt())
          .isLessThan(500);
    }
  }

  @Test
  void followsLightAndDark() throws IOException {
    openOnADesk();
    RgbImage light = shot("light.png");
    open(1360, 900, false, "dark");
    RgbImage dark = shot("dark.png");

    assertThat(light.sample(2, 2, 1)).isGreaterThan(200);
    assertThat(dark.sample(2, 2, 1)).isLessThan(50);
    browser.evaluate("document.getElementById('theme').click()");
    assertThat(shot("switched.png").sample(2, 2, 1)).isGreaterThan(200);
  }

  @Test
  void aResNet34PrintsOnOneSheet() throws IOException {
    Path tall = folder.resolve("tall.html");
    HtmlReport.write(SampleReport.withLayers(17), ColorMap.MAGMA, 0.6, tall);
    browser.open(tall.toUri(), 1360, 900, false, "light");

    byte[] pdf = browser.print();

    Files.write(SHOTS.resolve("print.pdf"), pdf);
    String text = new String(pdf, StandardCharsets.ISO_8859_1);
    assertThat(text).startsWith("%PDF").containsPattern("/Count 1\\b");
  }

  @Test
  void aMethodThatKnowsNoClassHighlightsNone() throws IOException {
    Path page = folder.resolve("blind.html");
    HtmlReport.write(SampleReport.sideBySide(), ColorMap.MAGMA, 0.45, page);
    browser.open(page.toUri(), 1360, 900, false, "light");
    assertThat(hidden("second")).isFalse();
    assertThat(text("which")).isEqualTo("Grad-CAM, golf ball 0.780");
    assertThat(text("which-second")).isEqualTo("LayerCAM, any class");
    browser.evaluate("document.getElementById('pair').click()");
    assertThat(hidden("second")).isTrue();
    assertThat(pressed("classes")).isEqualTo("4");

    browser.press("m");

    assertThat(browser.evaluate("document.querySelector('#classes [aria-pressed=true]')").isNull())
        .isTrue();
    assertThat(hidden("blind")).isFalse();
  }

  @Test
  void whatTheNetworkDidNotSeeIsHatchedAndExplainedOnce() {
    openOnADesk();

    assertThat(hidden("unseen")).isFalse();
    assertThat(browser.evaluate("document.body.innerText.split('Hatched:').length - 1").asInt())
        .isEqualTo(1);
    // A thumbnail's left edge is lighter than the image, whose red is 60 there.
    JsonNode pixel =
        browser.evaluate(
            "[...document.querySelector('#strip canvas').getContext('2d')"
                + ".getImageData(6, 3, 1, 1).data]");
    assertThat(pixel.get(0).asInt()).isGreaterThan(100);
  }

  @Test
  void twoMethodsSideBySidePrintOnOneSheetOfEitherPaperAndOnWhite() throws IOException {
    Path page = folder.resolve("pair.html");
    HtmlReport.write(SampleReport.sideBySide(), ColorMap.MAGMA, 0.45, page);
    browser.open(page.toUri(), 1360, 900, false, "dark");
    for (double[] paper : new double[][] {{8.5, 11}, {8.27, 11.69}}) {
      byte[] pdf = browser.print(paper[0], paper[1]);
      assertThat(new String(pdf, StandardCharsets.ISO_8859_1)).containsPattern("/Count 1\\b");
    }
    assertThat(browser.printedBackground()).isEqualTo("rgb(255, 255, 255)");
  }

  private static RgbImage shot(String name) throws IOException {
    byte[] png = browser.screenshot();
    Files.write(SHOTS.resolve(name), png);
    return Images.read(new ByteArrayInputStream(png), name);
  }

  /** Points at a place given as shares of what the network saw. */
  private static void pointInside(double x, double y) {
    pointAt(0.125 + 0.75 * x, y);
  }

  private static void pointAt(double x, double y) {
    JsonNode box =
        browser.evaluate(
            "JSON.parse(JSON.stringify(document.getElementById('stage').getBoundingClientRect()))");
    browser.pointAt(
        box.get("left").asDouble() + x * box.get("width").asDouble(),
        box.get("top").asDouble() + y * box.get("height").asDouble());
  }

  private static JsonNode box(String id) {
    return browser.evaluate(
        "JSON.parse(JSON.stringify(document.getElementById('%s').getBoundingClientRect()))"
            .formatted(id));
  }

  private static void slide(String id, int value) {
    browser.evaluate(
        "(() => { const slider = document.getElementById('%s'); slider.value = %d;"
            .concat(" slider.dispatchEvent(new Event('input')); })()")
            .formatted(id, value));
  }

  private static String heat() {
    return browser.evaluate("document.getElementById('heat').toDataURL()").asText();
  }

  private static String text(String id) {
    return browser.evaluate("document.getElementById('" + id + "').textContent").asText();
  }

  private static boolean hidden(String id) {
    return browser.evaluate("document.getElementById('" + id + "').hidden").asBoolean();
  }

  private static String attribute(String id, String name) {
    return browser
        .evaluate("document.getElementById('" + id + "').getAttribute('" + name + "')")
        .asText();
  }

  private static String pressed(String group) {
    return browser
        .evaluate("document.querySelector('#" + group + " [aria-pressed=true]').dataset.value")
        .asText();
  }
}
