package io.camjar.gradcam.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.camjar.gradcam.ClassLabel;
import io.camjar.gradcam.image.RgbImage;
import io.camjar.gradcam.render.Png;
import io.camjar.gradcam.results.ImageResult;
import io.camjar.gradcam.results.ImageResult.Predicted;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("any-jdk")
class IndexPageTests {
  private static final String HOSTILE = "a\"><script>alert(1)</script>#x?y%20&amp;'z";

  @TempDir Path folder;

  @Test
  void linksEachImagesFilesByRelativeAddresses() throws IOException {
    String page = write(false, List.of(result("dog", "church", 0.75, null)));

    assertThat(page)
        .contains("<a href=\"./dog.html\">dog</a>")
        .contains("src=\"./dog_layer4_3.png\"")
        .contains("<a href=\"./dog.json\">record</a>")
        .contains("<a href=\"./dog_evolution.png\">all layers</a>")
        .contains("<td>church</td><td class=\"num\">0.750</td>")
        .doesNotContainPattern("(href|src)=\"(?!\\./|data:)");
  }

  @Test
  void filesOfSeveralMethodsAndClassesAreToldApart() throws IOException {
    List<ImageResult.Map> maps = new ArrayList<>();
    for (String method : List.of("gradcam", "eigencam")) {
      for (int index : new int[] {3, 5}) {
        ClassLabel target = new ClassLabel(index, "class " + "abcdef".charAt(index));
        List<String> files = List.of("dog_%s_layer4_%d.png".formatted(method, index));
        maps.add(new ImageResult.Map(method, null, "layer4", target, "ok", null, files));
      }
    }
    List<String> files =
        List.of(
            "dog_gradcam.json",
            "dog_eigencam.json",
            "dog_methods_3.png",
            "dog_methods_5.png",
            "dog_gradcam_evolution.png",
            "dog_methods.html");
    Predicted predicted = new Predicted(3, "class d", 0.75);

    String page =
        write(
            false,
            List.of(
                new ImageResult(
                    "dog.jpg", "dog", predicted, 0.1, null, null, null, maps, files, 1, null)));

    assertThat(page)
        .contains("<a href=\"./dog_gradcam.json\">gradcam record</a>")
        .contains("<a href=\"./dog_eigencam.json\">eigencam record</a>")
        .contains("<a href=\"./dog_methods_3.png\">all methods, class d</a>")
        .contains("<a href=\"./dog_methods_5.png\">all methods, class f</a>")
        .contains("<a href=\"./dog_gradcam_evolution.png\">gradcam, all layers</a>")
        .contains("<a href=\"./dog_methods.html\">page</a>");
  }

  @Test
  void namesAndLabelsAreTextAndNeverMarkup() throws IOException {
    String page = write(true, List.of(result(HOSTILE, "</td><b onclick=x>", 0.5, HOSTILE)));

    assertThat(page)
        .doesNotContain("<script>alert")
        .doesNotContain("<b onclick")
        .contains("href=\"./a%22%3E%3Cscript%3Ealert(1)%3C/script%3E%23x%3Fy%2520&amp;amp;&#39;z");
  }

  @ParameterizedTest
  @CsvSource({
    "a:b.png, ./a:b.png",
    "50%.png, ./50%25.png",
    "what?.png, ./what%3F.png",
    "n 1#2.png, ./n%201%232.png",
    "grün.png, ./gr%C3%BCn.png"
  })
  void anAddressLeadsToTheFileWhateverItsName(String file, String address) {
    assertThat(IndexPage.address(file)).isEqualTo(address);
  }

  @Test
  void aFailureIsARowWithItsReason() throws IOException {
    String page =
        write(false, List.of(ImageResult.failed("x.jpg", "x", null, 1, "x.jpg is no <image>")));

    assertThat(page).contains("colspan=\"2\">x.jpg is no &lt;image&gt;</td>");
  }

  @Test
  void marksInATitleAreText() throws IOException {
    Path file = folder.resolve("index.html");
    IndexPage.write(
        file, "@ROWS@ @FOOTER@", "", "camjar", false, List.<ImageResult>of().iterator());

    assertThat(Files.readString(file)).contains("<h1>@ROWS@ @FOOTER@</h1>");
  }

  /** In a real browser; skipped where Chromium is not installed. */
  @Test
  void sortsFiltersAndShowsThumbnails() throws IOException {
    Optional<Path> binary = Chromium.find();
    assumeTrue(binary.isPresent(), "Chromium is not installed");
    write(
        true,
        List.of(
            result("b", "church", 0.9, "church"),
            result("a", "tench", 0.4, "church"),
            ImageResult.failed("c.jpg", "c", null, 1, "c.jpg is damaged")));
    Files.write(folder.resolve("a_layer4_3.png"), Png.encode(RgbImage.of(2, 1, new byte[6])));
    try (Chromium browser = Chromium.start(binary.get(), folder.resolve("profile"))) {
      browser.open(folder.resolve("index.html").toUri(), 1000, 800, false, "light");
      String names =
          "[...document.querySelectorAll('tbody tr:not([hidden])')].map(r =>"
              + " r.dataset.name).join()";
      String click = "document.querySelector('th[data-key=%s] button').click();";

      assertThat(browser.evaluate(names).asText()).isEqualTo("b,a,c");
      browser.evaluate(click.formatted("share"));
      assertThat(browser.evaluate(names).asText()).isEqualTo("a,b,c");
      browser.evaluate(click.formatted("share"));
      assertThat(browser.evaluate(names).asText()).as("failures last").isEqualTo("b,a,c");
      browser.evaluate(click.formatted("name"));
      assertThat(browser.evaluate(names).asText()).isEqualTo("a,b,c");
      browser.evaluate(
          "(() => { const f = document.getElementById('filter'); f.value = 'TENCH'; f.oninput();"
              + " })()");
      assertThat(browser.evaluate(names).asText()).isEqualTo("a");
      assertThat(
              browser
                  .evaluate(
                      "(async () => { const i = document.querySelector('tr:not([hidden]) img');"
                          + " i.loading = 'eager'; await i.decode(); return i.naturalWidth; })()")
                  .asInt())
          .isEqualTo(2);
    }
  }

  private String write(boolean labelled, List<ImageResult> results) throws IOException {
    Path file = folder.resolve("index.html");
    IndexPage.write(file, "run", "resnet18", "camjar", labelled, results.iterator());
    return Files.readString(file);
  }

  private static ImageResult result(String name, String label, double share, String actual) {
    ClassLabel target = new ClassLabel(3, label);
    return new ImageResult(
        name + ".jpg",
        name,
        new Predicted(3, label, share),
        0.1,
        actual == null ? null : new ClassLabel(1, actual),
        actual == null ? null : 1.5,
        actual == null ? null : actual.equals(label),
        List.of(
            new ImageResult.Map(
                null, null, "layer4", target, "ok", null, List.of(name + "_layer4_3.png"))),
        List.of(name + "_layer4_3.png", name + "_evolution.png", name + ".html", name + ".json"),
        1,
        null);
  }
}
