class AttributeDict(dict):
    pass
