package io.camjar.gradcam.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.camjar.engine.CamjarException;
import io.camjar.gradcam.image.Box;
import io.camjar.gradcam.image.HashedImage;
import io.camjar.gradcam.image.Images;
import io.camjar.gradcam.image.RgbImage;
import io.camjar.gradcam.render.ColorMap;
import io.camjar.gradcam.render.ScaledMap;
import io.camjar.gradcam.report.Report.ReportClass;
import io.camjar.gradcam.report.Report.ReportMap;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HtmlReportTests {
  private final Report report = SampleReport.report();
  private final String html = HtmlReport.render(report, ColorMap.VIRIDIS, 0.4);

  @Test
  void asksForNothingOutsideItself() {
    assertThat(html).doesNotContainPattern("https?://").doesNotContain("//cdn");
    assertThat(html).contains("default-src 'none'; img-src data:;");
  }

  @Test
  void textCannotBecomeMarkup() {
    assertThat(html).contains("<h1>ball &amp; &lt;parachute&gt;.png</h1>");
    assertThat(html).doesNotContain("<script>alert(1)");
  }

  @Test
  void everyPlaceIsFilledAndNoneInTheContent() {
    Report marked =
        new Report(
            "@DATA@ $1 \\",
            "",
            "",
            report.picture(),
            report.region(),
            report.classes(),
            report.maps());

    String page = HtmlReport.render(marked, ColorMap.JET, 0.5);

    assertThat(page).contains("<h1>@DATA@ $1 \\</h1>");
    assertThat(html).doesNotContainPattern("@[A-Z]+@");
  }

  @Test
  void carriesEverythingAsData() throws IOException {
    JsonNode data = data(html);

    assertThat(data.get("colormap").asText()).isEqualTo("viridis");
    assertThat(data.get("alpha").asDouble()).isEqualTo(0.4);
    assertThat(data.at("/region/left").asDouble()).isEqualTo(0.125);
    assertThat(data.at("/region/width").asDouble()).isEqualTo(0.75);
    assertThat(data.at("/classes/1/label").asText())
        .isEqualTo("</script><script>alert(1)</script>");
    assertThat(data.at("/classes/2/probability").isNull()).isTrue();
    assertThat(data.get("maps")).hasSize(16);
    assertThat(data.at("/maps/5/min").isNull()).isTrue();
    byte[] values = Base64.getDecoder().decode(data.at("/maps/3/values").asText());
    assertThat(values).hasSize(7 * 7 * 2);
    int last = (values[97] & 0xff) << 8 | values[96] & 0xff;
    assertThat(last).isEqualTo(Math.round(65535 * 6.5f / 7));
  }

  @Test
  void carriesTheImageItself() {
    assertThat(picture(html)).isEqualTo(report.picture());
  }

  @Test
  void aLargeImageIsShownSmaller() throws IOException {
    RgbImage large = HashedImage.of(2100, 700);
    ReportMap map =
        new ReportMap("stem", 0, "Grad-CAM", ScaledMap.zero(), 0, 0, "no-positive-evidence");
    List<ReportClass> classes = List.of(new ReportClass(0, "noise", 1));

    String page =
        HtmlReport.render(
            new Report("noise", "", "", large, Box.whole(2100, 700), classes, List.of(map)),
            ColorMap.MAGMA,
            0.5);

    assertThat(picture(page).width()).isEqualTo(1024);
    assertThat(picture(page).height()).isEqualTo(341);
    assertThat(data(page).get("width").asInt()).as("the pointer's pixels").isEqualTo(2100);
  }

  @Test
  void writesAWholeFile(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("page.html");

    HtmlReport.write(report, ColorMap.VIRIDIS, 0.4, file);

    assertThat(Files.readString(file)).isEqualTo(html);
  }

  @Test
  void mistakesAreNamed() {
    assertThatThrownBy(
            () ->
                new Report("", "", "", report.picture(), report.region(), List.of(), report.maps()))
        .isInstanceOf(CamjarException.class)
        .hasMessageContaining("class 4 of layer stem");
    assertThatThrownBy(
            () -> new Report("", "", "", report.picture(), report.region(), List.of(), List.of()))
        .isInstanceOf(CamjarException.class);
  }

  private static JsonNode data(String page) throws IOException {
    return new ObjectMapper().readTree(between(page, "id=\"data\">", "</script>"));
  }

  private static RgbImage picture(String page) {
    byte[] png = Base64.getDecoder().decode(between(page, "src=\"data:image/png;base64,", "\""));
    return Images.read(new ByteArrayInputStream(png), "picture");
  }

  private static String between(String text, String start, String end) {
    Matcher matcher =
        Pattern.compile(Pattern.quote(start) + "(.*?)" + Pattern.quote(end), Pattern.DOTALL)
            .matcher(text);
    assertThat(matcher.find()).isTrue();
    return matcher.group(1);
  }
}
