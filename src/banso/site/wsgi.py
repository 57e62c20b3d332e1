"""The door that the HTTP server knocks at."""

import os

from django.core.wsgi import get_wsgi_application

from banso.site.cli.processes import leave_with_parent

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "banso.site.settings")
leave_with_parent()  # a server that was killed leaves no process behind that holds its port
application = get_wsgi_application()
