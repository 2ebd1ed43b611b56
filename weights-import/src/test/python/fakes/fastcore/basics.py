class fastuple(tuple):
    """A tuple, which a pickle holds as a call with one tuple."""

    def __new__(cls, x=None, *rest):
        return super().__new__(cls, (x, *rest) if rest or not isinstance(x, tuple) else x)
