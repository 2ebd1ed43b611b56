def _crop_pad(x, size, padding_mode="reflection", row_pct=0.5, col_pct=0.5):
    raise NotImplementedError
