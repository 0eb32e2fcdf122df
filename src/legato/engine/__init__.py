"""Sessions, players, the engine thread, and the instrument on top."""
