package io.camjar.gradcam.cli.devices;

import io.camjar.engine.device.Devices;
import io.camjar.gradcam.cli.errors.ExitCode;
import io.camjar.gradcam.cli.options.HelpOption;
import io.camjar.gradcam.cli.output.TextTable;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code camjar devices}: what there is to compute on. */
@Command(
    name = "devices",
    description = "List what --device can name, and what is missing of the rest.")
public final class DevicesCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin HelpOption help;

  @Override
  public Integer call() {
    TextTable table = new TextTable("device", "usable", "what it is");
    table.row(
        List.of(
            Devices.CPU,
            "yes",
            "%d processors".formatted(Runtime.getRuntime().availableProcessors())));
    Devices.find()
        .forEach(
            found -> table.row(List.of(found.id(), found.usable() ? "yes" : "no", found.text())));
    table.print(spec.commandLine().getOut());
    return ExitCode.DONE;
  }
}
