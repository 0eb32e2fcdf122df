"""What a performer asks for, and the conductor that plans the rest. Torch-free."""
