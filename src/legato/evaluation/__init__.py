"""Measures of the music and of the machine: adherence, quality, seams, drift, real time."""
