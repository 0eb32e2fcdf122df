"""Scales, chords, progressions and form as plain symbols; shared by composer and conductor."""
