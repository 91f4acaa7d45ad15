"""What reading a finished PDF needs."""

import shutil

import pytest
from testkit.databases import migrated_file

__all__ = ["migrated_file", "poppler"]


@pytest.fixture(scope="session")
def poppler():
    """poppler-utils, with which the tests look into finished PDFs."""
    missing = [name for name in ("pdfinfo", "pdftotext", "pdffonts", "pdfimages") if shutil.which(name) is None]
    if missing:
        pytest.skip(f"{', '.join(missing)} not installed (package poppler-utils)")
