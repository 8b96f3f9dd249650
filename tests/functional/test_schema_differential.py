"""Random types and JSON texts through the schemas in C++ and in Python: what C++ takes has the same
value in Python, and what Python takes is nearly always taken in C++. The entries of a 422 that C++
tells are those of Python, to the byte.

FASTERAPI_DIFFERENTIAL_TYPES sets how many types are tried (60 texts each), FASTERAPI_TEST_SEED
where they start."""

import json
import os
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parents[1]
APP = TESTS / "support" / "schema_app.py"
TYPES = int(os.environ.get("FASTERAPI_DIFFERENTIAL_TYPES", "300"))
FIRST = int(os.environ.get("FASTERAPI_TEST_SEED", "0"))


@pytest.mark.timeout(60 + TYPES // 5)
def test_schemas_in_c_plus_plus_and_in_python_agree(serve):
    server = serve(APP, config={"python": {"path": [str(TESTS)]}}, flags=["--log-level=warning"])
    texts = valid = native = refused = explained = 0
    with server.connect() as wire:
        for seed in range(FIRST, FIRST + TYPES):
            reply = wire.get(f"/compare/{seed}")
            assert reply.status == 200, (seed, reply)
            made = json.loads(reply.body)
            assert not made["wrong"], f"seed {seed}: " + "\n".join(made["wrong"][:3])
            texts += made["counts"]["texts"]
            valid += made["counts"]["valid"]
            native += made["counts"]["native"]
            refused += made["counts"]["refused"]
            explained += made["counts"]["explained"]
    print(f"{texts} texts, {valid} valid, {native} taken in C++")
    print(f"{refused} refused, {explained} told in C++")
    assert valid > texts * 0.3
    assert native > valid * 0.8
    assert explained > refused * 0.05
