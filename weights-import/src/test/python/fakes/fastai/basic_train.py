"""fastai 1.0.61 basic_train: Learner.export writes a dict, see Learner.export there."""


class Learner:
    pass


class Recorder:
    def __init__(self, learn=None):
        self.add_time = True


def cls_of_callback(*args, **kwargs):
    raise NotImplementedError
