"""The process that notebooks are copied from: what it imports before it is asked for the first."""

import subprocess
import sys

import pytest


@pytest.mark.slow
def test_one_notebook_does_not_wait_for_what_only_several_share():
    program = """import sys
from ecoanalysis.reporting import warm
warm._import_all(several=False)
print(sorted({"lark", "rfc3987_syntax", "scipy", "seaborn"} & sys.modules.keys()))"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, encoding="utf-8", check=True)
    assert done.stdout == "[]\n"
