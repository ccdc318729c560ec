"""Measuring the index: judged sets, figures, the arms side by side."""
