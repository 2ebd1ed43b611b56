package io.camjar.gradcam.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.camjar.gradcam.report.Chromium;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Base64;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page in a browser, where there is one. */
@Tag("any-jdk")
class PageTests {
  @TempDir static Path folder;
  private static Running service;
  private static Chromium browser;

  @BeforeAll
  static void start() throws IOException {
    assumeTrue(Chromium.find().isPresent(), "no Chromium on the PATH");
    service = Running.start(Running.OPTIONS, Running.source("tiny", Running.weights(folder)));
    browser = Chromium.start(Chromium.find().orElseThrow(), folder.resolve("profile"));
  }

  @AfterAll
  static void stop() {
    if (browser != null) {
      browser.close();
      service.close();
    }
  }

  @Test
  void anImageThatIsDroppedIsShownWithItsMaps() {
    browser.open(service.at("/"), 1280, 800, false, "light");

    drop(Running.png(1), "stripes.png", "image/png");

    String report = answered();
    assertThat(report).contains("stripes.png").contains("\"layer\":\"layer1.0\"");
    assertThat(hidden("drop")).isTrue();
    assertThat(hidden("report")).isFalse();
    assertThat(hidden("message")).isTrue();

    // Two methods next to one another.
    browser.evaluate("document.querySelector('#ways button[data-value=layercam]').click()");
    assertThat(answered()).contains("\"method\":\"gradcam\"").contains("\"method\":\"layercam\"");
    assertThat(browser.complaints()).isEmpty();
    assertThat(browser.requests())
        .allMatch(
            address ->
                address.startsWith(service.at("/").toString())
                    || address.startsWith("about:")
                    || address.startsWith("data:"));
  }

  @Test
  void whatIsNoImageIsSaidInASentence() {
    browser.open(service.at("/"), 390, 844, true, "dark");

    drop("no image".getBytes(java.nio.charset.StandardCharsets.UTF_8), "a.txt", "text/plain");

    answered();
    assertThat(browser.evaluate("document.getElementById('message').textContent").asText())
        .contains("not an image");
    assertThat(hidden("drop")).isFalse();
    assertThat(browser.evaluate("document.documentElement.scrollWidth").asInt())
        .isLessThanOrEqualTo(390);
  }

  private static boolean hidden(String id) {
    return browser.evaluate("document.getElementById('%s').hidden".formatted(id)).asBoolean();
  }

  private static void drop(byte[] file, String name, String type) {
    browser.evaluate(
        """
        (() => {
          const bytes = Uint8Array.from(atob('%s'), c => c.charCodeAt(0));
          const given = new DataTransfer();
          given.items.add(new File([bytes], '%s', { type: '%s' }));
          document.dispatchEvent(new DragEvent('drop', { dataTransfer: given, cancelable: true }));
        })()
        """
            .formatted(Base64.getEncoder().encodeToString(file), name, type));
  }

  /** Waits for the answer; gives the report that is shown. */
  private static String answered() {
    return browser
        .evaluate(
            """
            new Promise(done => {
              const look = () => document.body.classList.contains('busy')
                ? setTimeout(look, 20) : done(document.getElementById('report').srcdoc);
              look();
            })
            """)
        .asText();
  }
}
