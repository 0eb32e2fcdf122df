"""Codec, generator, text encoder, and the bundle they travel in."""
