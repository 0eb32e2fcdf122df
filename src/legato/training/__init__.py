"""Fitting codec and teacher on the corpus, and distilling the teacher from prompts alone."""
