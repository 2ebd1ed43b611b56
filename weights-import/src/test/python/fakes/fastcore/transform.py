from fastcore.foundation import L


class Pipeline:
    def __init__(self, fs):
        self.fs, self.split_idx = L(fs), None
