"""The door that the HTTP server knocks at."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "banso.site.settings")
application = get_wsgi_application()
