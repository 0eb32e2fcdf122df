"""How each style sounds: one `Arrangement` per style of the grammar."""
