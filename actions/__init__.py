"""Custom actions, one file a flow: an action reads the tracker, calls one function below it, renders.

rasa-sdk imports every module here and makes every ``Action`` without arguments, so importing does nothing and
dependencies are keyword arguments that default to the process's composition root (``bootstrap``).
"""
