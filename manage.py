#!/usr/bin/env python
"""Django's own commands, for developers; operators use `banso`."""

import os
import sys

from django.core.management import execute_from_command_line

from banso.site.environment import WrongSetting

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "banso.site.settings")
    try:
        execute_from_command_line(sys.argv)
    except WrongSetting as wrong:
        sys.exit(str(wrong))
