"""Training data: read from Rasa's NLU YAML or from CSV, checked before anything is trained."""
