"""The `banso` command: what operators and first-time visitors type."""

from banso.site.cli.speaking import speak

speak()  # before the commands below ask for their texts

from banso.site.cli.root import main  # noqa: E402  # see above

__all__ = ["main"]
