"""What every test stands on: a data folder of its own, and no setting of the person who runs it but the database."""

import os
import tempfile
from pathlib import Path

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.utils import translation
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis
from pytest_django import Settings

# Before Django reads its settings: tests never touch the data of an installation, nor heed its settings.
for _name in [name for name in os.environ if name.startswith("BANSO_") and name != "BANSO_DATABASE_URL"]:
    del os.environ[_name]
os.environ["BANSO_DATA"] = tempfile.mkdtemp(prefix="banso-test-")

# A busy machine must not fail a change that is innocent.
hypothesis.register_profile("banso", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis.load_profile("banso")

# The same algorithm, at the least work: what a password costs to guess is no matter here.
Argon2PasswordHasher.time_cost, Argon2PasswordHasher.memory_cost, Argon2PasswordHasher.parallelism = 1, 8, 1


@pytest.fixture(autouse=True)
def own_data(settings: Settings, tmp_path: Path) -> Path:
    """Give each test a data folder of its own; files of one test are never seen by another."""
    settings.DATA = tmp_path
    return tmp_path


@pytest.fixture(autouse=True)
def _own_language() -> None:
    """Begin each test in the language of the settings: a page leaves that of its reader behind."""
    translation.deactivate()
