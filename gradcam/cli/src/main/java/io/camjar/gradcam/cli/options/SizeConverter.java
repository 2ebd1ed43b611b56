package io.camjar.gradcam.cli.options;

import io.camjar.weights.container.preparation.Size;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** {@code --size}: a square's side, or height and width: {@code 224}, {@code 324x224}. */
public final class SizeConverter implements ITypeConverter<Size> {
  static final int LARGEST_SIDE = 4096;

  private static final Pattern FORM =
      Pattern.compile("\\s*(\\d{1,9})\\s*(?:[xX×,*]\\s*(\\d{1,9})\\s*)?");

  @Override
  public Size convert(String text) {
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      throw new TypeConversionException(
          "'%s' is not a size; give one side such as 224, or height x width such as 324x224"
              .formatted(text));
    }
    int height = Integer.parseInt(matcher.group(1));
    int width = matcher.group(2) == null ? height : Integer.parseInt(matcher.group(2));
    if (Math.min(height, width) < 1 || Math.max(height, width) > LARGEST_SIDE) {
      throw new TypeConversionException(
          "%s must lie in 1 to %d".formatted(text.strip(), LARGEST_SIDE));
    }
    return new Size(height, width);
  }
}
