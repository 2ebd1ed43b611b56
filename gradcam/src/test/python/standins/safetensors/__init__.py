"""A stand-in of the safetensors package, which Debian does not have."""
