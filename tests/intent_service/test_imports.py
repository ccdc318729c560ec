"""What must never be loaded where."""

import subprocess
import sys


def test_serving_never_loads_pytorch() -> None:
    code = (
        "import sys; from intent_service.__main__ import main; from intent_service.bootstrap import build_app;"
        "from intent_service.settings import IntentServiceSettings; build_app(IntentServiceSettings());"
        "import intent_service.adapters.onnx_engine;"
        "sys.exit(1 if {'torch', 'transformers', 'sklearn', 'matplotlib'} & set(sys.modules) else 0)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False, timeout=60).returncode == 0
