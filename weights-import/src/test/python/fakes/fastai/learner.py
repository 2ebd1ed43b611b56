"""fastai 2.7 learner: Learner.export pickles the whole Learner with torch.save, protocol 2."""


class Learner:
    def __init__(self, dls, model):
        self.dls, self.model, self.opt = dls, model, None
        self.lr, self.wd, self.moms, self.path, self.model_dir = 0.001, None, (0.95, 0.85), ".", "models"
        self.cbs, self.training, self.epoch, self.n_epoch = [], False, 0, 1
