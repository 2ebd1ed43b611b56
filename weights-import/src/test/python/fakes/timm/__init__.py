"""Stand-in for timm: ResNet with timm's parameter names, deep stem and average-pool downsample."""
