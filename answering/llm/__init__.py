"""Language models: one port, official clients behind it, and what keeps them within time and money."""
