package io.camjar.gradcam.image.dicom;

import java.util.Map;
import java.util.Set;

/** The elements that images are made of, group and element in one number. */
final class Tag {
  static final int TRANSFER_SYNTAX = 0x0002_0010;
  static final int SOP_CLASS = 0x0008_0016;
  static final int SAMPLES_PER_PIXEL = 0x0028_0002;
  static final int PHOTOMETRIC = 0x0028_0004;
  static final int PLANAR = 0x0028_0006;
  static final int FRAMES = 0x0028_0008;
  static final int ROWS = 0x0028_0010;
  static final int COLUMNS = 0x0028_0011;
  static final int BITS_ALLOCATED = 0x0028_0100;
  static final int BITS_STORED = 0x0028_0101;
  static final int HIGH_BIT = 0x0028_0102;
  static final int PIXEL_REPRESENTATION = 0x0028_0103;
  static final int PADDING = 0x0028_0120;
  static final int PADDING_LIMIT = 0x0028_0121;
  static final int WINDOW_CENTER = 0x0028_1050;
  static final int WINDOW_WIDTH = 0x0028_1051;
  static final int RESCALE_INTERCEPT = 0x0028_1052;
  static final int RESCALE_SLOPE = 0x0028_1053;
  static final int WINDOW_FUNCTION = 0x0028_1056;

  /** The first of three: red, green, blue. */
  static final int PALETTE_DESCRIPTOR = 0x0028_1101;

  static final int PALETTE_DATA = 0x0028_1201;
  static final int SEGMENTED_PALETTE_DATA = 0x0028_1221;
  static final int MODALITY_LUT = 0x0028_3000;
  static final int LUT_DESCRIPTOR = 0x0028_3002;
  static final int LUT_DATA = 0x0028_3006;
  static final int VOI_LUT = 0x0028_3010;
  static final int FRAME_VOI_LUT = 0x0028_9132;
  static final int PIXEL_VALUE_TRANSFORMATION = 0x0028_9145;
  static final int SHARED_GROUPS = 0x5200_9229;
  static final int PER_FRAME_GROUPS = 0x5200_9230;
  static final int FLOAT_PIXELS = 0x7fe0_0008;
  static final int DOUBLE_PIXELS = 0x7fe0_0009;
  static final int PIXELS = 0x7fe0_0010;
  static final int ITEM = 0xfffe_e000;
  static final int ITEM_END = 0xfffe_e00d;
  static final int SEQUENCE_END = 0xfffe_e0dd;

  /** Where elements do not carry their kind, these hold items. */
  static final Set<Integer> SEQUENCES =
      Set.of(
          MODALITY_LUT,
          VOI_LUT,
          FRAME_VOI_LUT,
          PIXEL_VALUE_TRANSFORMATION,
          SHARED_GROUPS,
          PER_FRAME_GROUPS);

  private static final Map<Integer, String> KEYWORDS =
      Map.ofEntries(
          Map.entry(SAMPLES_PER_PIXEL, "SamplesPerPixel"),
          Map.entry(PHOTOMETRIC, "PhotometricInterpretation"),
          Map.entry(FRAMES, "NumberOfFrames"),
          Map.entry(ROWS, "Rows"),
          Map.entry(COLUMNS, "Columns"),
          Map.entry(BITS_ALLOCATED, "BitsAllocated"),
          Map.entry(PIXEL_REPRESENTATION, "PixelRepresentation"),
          Map.entry(WINDOW_CENTER, "WindowCenter"),
          Map.entry(WINDOW_WIDTH, "WindowWidth"),
          Map.entry(RESCALE_INTERCEPT, "RescaleIntercept"),
          Map.entry(RESCALE_SLOPE, "RescaleSlope"),
          Map.entry(LUT_DESCRIPTOR, "LUTDescriptor"),
          Map.entry(LUT_DATA, "LUTData"),
          Map.entry(PALETTE_DESCRIPTOR, "RedPaletteColorLookupTableDescriptor"),
          Map.entry(PALETTE_DESCRIPTOR + 1, "GreenPaletteColorLookupTableDescriptor"),
          Map.entry(PALETTE_DESCRIPTOR + 2, "BluePaletteColorLookupTableDescriptor"),
          Map.entry(PALETTE_DATA, "RedPaletteColorLookupTableData"),
          Map.entry(PALETTE_DATA + 1, "GreenPaletteColorLookupTableData"),
          Map.entry(PALETTE_DATA + 2, "BluePaletteColorLookupTableData"),
          Map.entry(PIXELS, "PixelData"));

  private Tag() {}

  /** What the standard calls it, where a message may need to, and its numbers. */
  static String name(int tag) {
    String keyword = KEYWORDS.get(tag);
    String numbers = "(%04x,%04x)".formatted(tag >>> 16, tag & 0xffff);
    return keyword == null ? numbers : keyword + " " + numbers;
  }
}
