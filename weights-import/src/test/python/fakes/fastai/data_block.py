"""fastai 1.0.61 data_block: what DataBunch.export leaves in export.pkl."""


class CategoryProcessor:
    state_attrs = ["classes"]

    def __init__(self, classes):
        self.classes = classes
        self.c2i = {name: i for i, name in enumerate(classes)}

    def __getstate__(self):
        return {name: getattr(self, name) for name in self.state_attrs}

    def __setstate__(self, state):
        self.__init__(state["classes"])


class CategoryList:
    pass
