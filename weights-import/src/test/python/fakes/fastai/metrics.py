def accuracy(output, targets):
    raise NotImplementedError
