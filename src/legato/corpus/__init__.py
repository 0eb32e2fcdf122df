"""Captioned music for the embedded teacher, composed and rendered here."""
