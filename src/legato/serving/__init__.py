"""Players on the network: messages, pacing, the web application and its built page."""
