"""Django's settings, made from the environment of this installation."""

import logging
import sys
from gettext import gettext
from pathlib import Path
from typing import Any

import dj_database_url
import dj_email_url
import structlog
from django.utils.csp import CSP
from django.utils.translation import gettext_lazy as _

from banso.site import environment

ENVIRONMENT = environment.read()
DATA = ENVIRONMENT.data
SHARED_DATA = ENVIRONMENT.shared / "data"
PACKAGE = Path(__file__).resolve().parent.parent

SECRET_KEY = environment.secret_key(ENVIRONMENT)
DEBUG = ENVIRONMENT.debug
ALLOWED_HOSTS = list(ENVIRONMENT.allowed_hosts)

ROOT_URLCONF = "banso.site.urls"
WSGI_APPLICATION = "banso.site.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    # First: our templates and our Japanese go before those of others.
    "banso.ui",
    "banso.people",
    "banso.api",
    "banso.journal",
    "banso.operations",
    "banso.accounts",
    "banso.contracts",
    "banso.usage",
    "banso.health",
    "banso.growth",
    "banso.intake",
    "banso.desk",
    "banso.demo",
    "banso.site",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django_htmx",
    "django_cotton",
    "django_vite",
    "django_tasks_db",
    "ninja",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "banso.people.middleware.end_stale_sessions",
    "banso.people.middleware.speak_their_language",
    "banso.ui.middleware.keep_no_parts",
    "banso.usage.middleware.say_when_the_engine_is_down",
]

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": False,
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "django_cotton.cotton_loader.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
            "builtins": [
                "django_cotton.templatetags.cotton",
                "django.templatetags.i18n",
                "banso.ui.templatetags.ui",
                "banso.ui.templatetags.ui_forms",
                "banso.ui.templatetags.ui_text",
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]


CONNECT_SECONDS = 5


def _databases() -> dict[str, Any]:
    """Return SQLite in the data folder, or what BANSO_DATABASE_URL names."""
    if ENVIRONMENT.database_url:
        database: dict[str, Any] = dict(dj_database_url.parse(ENVIRONMENT.database_url))
    else:
        database = {"ENGINE": "django.db.backends.sqlite3", "NAME": str(DATA / "banso.sqlite3")}
    if database["ENGINE"] == "django.db.backends.sqlite3":
        database["OPTIONS"] = {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            # FULL: what was answered is on the disk, even when the power goes.
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
        }
    else:
        # Kept and tested before use; the server, whose threads come and go, has a pool instead: see wsgi.py.
        database |= {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}
        # A machine that does not answer at all is given up after seconds, not after the two minutes of the kernel.
        database["OPTIONS"] = {"connect_timeout": CONNECT_SECONDS} | database.get("OPTIONS", {})
    return {"default": database}


DATABASES = _databases()

CACHES = {
    "default": {
        # Shared by all server processes, so that sign-in limits count everyone's tries.
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache",
    }
}
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"  # staff are made by an administrator, who knows the address
ACCOUNT_ADAPTER = "banso.people.pages.sign_in.StaffAdapter"
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_SESSION_REMEMBER = True
# Behind a proxy everybody would else come from its address: ten wrong tries of one would shut the door for all.
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if ENVIRONMENT.https else 0
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "10/m/ip,5/5m/key",
    "reset_password": "10/m/ip,3/15m/key",  # by address asked for: nobody floods a colleague with mail
    "reset_password_from_key": "20/m/ip",
}
PASSWORD_RESET_TIMEOUT = 3600

LANGUAGE_CODE = ENVIRONMENT.language
LANGUAGES = [("ja", _("Japanese")), ("en", _("English"))]
TIME_ZONE = ENVIRONMENT.time_zone
USE_I18N = True
USE_TZ = True

STATIC_URL = "/static/"
# Served from the installed package: nothing is copied at start. Vite puts a hash into the names below assets/.
WHITENOISE_USE_FINDERS = True
WHITENOISE_IMMUTABLE_FILE_TEST = r"^/static/dist/assets/"
DJANGO_VITE = {
    "default": {"manifest_path": PACKAGE / "ui" / "static" / "dist" / "manifest.json", "static_url_prefix": "dist"}
}

SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:"],
    "connect-src": [CSP.SELF],
    "font-src": [CSP.SELF],
    "manifest-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "frame-ancestors": [CSP.NONE],
    "base-uri": [CSP.NONE],
}
SESSION_COOKIE_AGE = ENVIRONMENT.session_days * 24 * 3600  # since the sign-in, whatever happens meanwhile
SESSION_IDLE_SECONDS = ENVIRONMENT.session_idle_hours * 3600  # since the last request
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = ENVIRONMENT.https
CSRF_COOKIE_SECURE = ENVIRONMENT.https
SECURE_SSL_REDIRECT = ENVIRONMENT.https
# Probes inside the house speak plain HTTP; a redirected POST of events would become a GET.
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^v1/"]
SECURE_HSTS_SECONDS = 31_536_000 if ENVIRONMENT.https else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = ENVIRONMENT.https
SECURE_HSTS_PRELOAD = ENVIRONMENT.https
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if ENVIRONMENT.https else None
X_FRAME_OPTIONS = "DENY"


def _mailers() -> dict[str, Any]:
    """Return how mail leaves, from BANSO_MAIL_URL."""
    mail = dj_email_url.parse(ENVIRONMENT.mail_url)
    if "EMAIL_BACKEND" not in mail:
        raise environment.WrongSetting(
            gettext("BANSO_MAIL_URL must begin with smtp://, submission:// or console:, such as %(example)s.")
            % {"example": "submission://name:secret@mail.example.jp:587"}
        )
    options = ("host", "port", "use_tls", "use_ssl", "timeout")
    smtp = {name: mail[f"EMAIL_{name.upper()}"] for name in options}
    smtp |= {"username": mail["EMAIL_HOST_USER"] or "", "password": mail["EMAIL_HOST_PASSWORD"] or ""}
    backend = mail["EMAIL_BACKEND"]
    if backend == "django.core.mail.backends.console.EmailBackend":
        backend = "banso.site.mail.Printer"
    return {"default": {"BACKEND": backend, "OPTIONS": smtp if mail["EMAIL_HOST"] else {}}}


MAILERS = _mailers()
DEFAULT_FROM_EMAIL = ENVIRONMENT.mail_from

FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.TemporaryFileUploadHandler"]
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
UPLOAD_LIMIT_BYTES = ENVIRONMENT.upload_mb << 20
SOURCE_HOSTS = ENVIRONMENT.source_hosts  # hosts and networks that are not public, and that sources may ask
# The first seals the secrets of sources; what an earlier one sealed is still opened.
SECRETS_KEYS = [key for key in (ENVIRONMENT.secrets_key, SECRET_KEY) if key]
SOURCE_FOLDERS = ENVIRONMENT.source_folders  # what watched folders may lie in
UPLOAD_DAYS = ENVIRONMENT.upload_days  # for so long a file that was imported is kept
ENGINE_URL = ENVIRONMENT.engine_url
REPEAT_DAYS = ENVIRONMENT.repeat_days  # days of intake for which message ids are remembered
EVENTS_BATCH_BYTES = ENVIRONMENT.events_batch_kb * 1024
API_RATE = ENVIRONMENT.api_rate  # calls a minute for each key
FORM_RENDERER = "django.forms.renderers.DjangoTemplates"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "django": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
        "django_tasks_db": {"handlers": ["stderr"], "level": "ERROR", "propagate": False},
    },
}
structlog.configure(
    processors=[
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        structlog.processors.KeyValueRenderer(key_order=["timestamp", "level", "event"]),
    ],
    wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
    logger_factory=structlog.PrintLoggerFactory(sys.stderr),
)
