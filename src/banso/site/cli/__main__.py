"""Lets `python -m banso.site.cli` be `banso`."""

from banso.site.cli import main

main()
