"""What every test stands on: a data folder of its own."""

import os
import tempfile
from pathlib import Path

# Before Django reads its settings: tests never touch the data of an installation.
os.environ["BANSO_DATA"] = str(Path(tempfile.mkdtemp(prefix="banso-test-")))
