"""Compiles readers and writers of `edi` where RCM_MYPYC=1 is set; pyproject.toml says all else.

They are the same modules, unchanged: docs/adr/0039.
"""

import os
from importlib.util import find_spec

from setuptools import setup

COMPILED = (
    "edi/claim_837/read.py",
    "edi/claim_837/read_claim.py",
    "edi/claim_837/reading.py",
    "edi/claim_837/write.py",
    "edi/cursor.py",
    "edi/elements.py",
    "edi/money.py",
    "edi/notes.py",
    "edi/reader.py",
    "edi/reading.py",
    "edi/remittance_835/body.py",
    "edi/remittance_835/elements.py",
    "edi/remittance_835/read.py",
    "edi/remittance_835/read_adjustment.py",
    "edi/remittance_835/read_claim.py",
    "edi/streaming.py",
    "edi/tokens.py",
    "edi/window.py",
    "edi/writer.py",
)

if os.environ.get("RCM_MYPYC") != "1":
    setup()
elif find_spec("mypyc") is None:  # Asked what a build needs: it comes here again with it.
    setup(setup_requires=["mypy==2.4.1"])
else:
    from mypyc.build import mypycify

    # No settings of ours: their plugins are not there when a wheel is built.
    setup(ext_modules=mypycify(["--config-file=", "--ignore-missing-imports", *COMPILED]))
