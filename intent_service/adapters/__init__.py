"""Engines: ONNX Runtime over trained folders, and one without weights."""
