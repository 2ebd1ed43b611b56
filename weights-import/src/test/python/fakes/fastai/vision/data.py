class ImageList:
    pass
