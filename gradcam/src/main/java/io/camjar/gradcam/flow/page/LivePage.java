package io.camjar.gradcam.flow.page;

import io.camjar.gradcam.flow.FlowReport;
import io.camjar.gradcam.render.WholeFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A page that follows a run, {@code gradflow.html}, and the script that it reads its figures from,
 * {@code gradflow.js}. Each is replaced as a whole, so that a browser never reads half of one.
 */
public final class LivePage {
  private static final String SCRIPT = "gradflow.js";

  private final Path folder;
  private final FlowData data;

  /**
   * Writes the page, whose script is still to come.
   *
   * @param folder that there is
   * @param data of no update yet
   * @throws io.camjar.engine.CamjarException if the page cannot be written
   */
  public LivePage(Path folder, FlowPage page, FlowData data) {
    this.folder = folder;
    this.data = data;
    write("gradflow.html", page.following(SCRIPT));
  }

  /**
   * Adds an update, as {@link FlowData#add} has it.
   *
   * @throws io.camjar.engine.CamjarException if the script cannot be written
   */
  public void add(long number, String label, @Nullable Double loss, FlowReport report) {
    if (data.add(number, label, loss, report)) {
      write(SCRIPT, FlowPage.script(data, SCRIPT, true));
    }
  }

  /** Tells the page that no more will come. */
  public void end() {
    write(SCRIPT, FlowPage.script(data, SCRIPT, false));
  }

  private void write(String name, String text) {
    WholeFile.write(folder.resolve(name), text.getBytes(StandardCharsets.UTF_8));
  }
}
