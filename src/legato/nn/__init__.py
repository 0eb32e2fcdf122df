"""Streaming layers: pure functions of (x, state) to (y, state)."""
