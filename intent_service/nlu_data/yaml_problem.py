"""What is told of a file that is not the YAML it should be."""

import yaml

from intent_service.errors import DataProblem


def yaml_problem(name: str, error: yaml.YAMLError | UnicodeDecodeError) -> DataProblem:
    """The fault with its line, where the parser knows one."""
    mark = getattr(error, "problem_mark", None)
    reason = getattr(error, "problem", None) or "not UTF-8 text"
    return DataProblem(name, mark.line + 1 if mark else 1, f"is not valid YAML: {reason}")
