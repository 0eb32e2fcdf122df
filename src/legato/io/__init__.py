"""Sound to devices and files. Torch-free."""
