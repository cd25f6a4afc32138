"""All settings. Starts with nothing set; what the environment may say is read here and nowhere else.

DATABASE_URL      postgres://… or sqlite:///…; unset: var/hearsay.sqlite3
SECRET_KEY        unset: var/secret_key, made on first run
DEBUG             on or off (off); on is refused where HOST is not loopback
HOST, PORT        where `make run` listens (127.0.0.1, 8000)
HTTPS             on or off (off); off is refused where HOST is not loopback
BEHIND_PROXY      on: believe X-Forwarded-Proto and the last of X-Forwarded-For; only where a proxy of yours
                  always sets them (off)
ALLOWED_HOSTS     names the site answers to, with commas (the loopback names and HOST)
SITE_URL          of the site, as links in mails give it (https:// or http:// and the first of ALLOWED_HOSTS)
EMAIL_URL         smtp://user:password@host:port, smtps://…, or console: to print mails; unset: none are sent
EMAIL_FROM        who mails are from (hearsay@ and the site's name)
TIME_ZONE         of the newsroom (UTC)
LANGUAGE_CODE     of the pages (en)
STATEMENT_TIMEOUT seconds a query may take on PostgreSQL, 0 for ever (30 for the web server, else 0)
DEMO              whether an empty database gets the sample and an account for each role (on with SQLite where
                  nobody else visits; elsewhere refused)
FOUR_EYES         whether a claim that one person wrote alone is somebody else's to publish (on)
DEMO_PASSWORD     of those accounts; unset: a random one, printed once
"""

from pathlib import Path

from csp.constants import NONE, SELF

from config import databases, env

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / "var"

HOST = env.text("HOST", "127.0.0.1")
DEBUG = env.debug(HOST)
PORT = env.number("PORT", 8000, least=1, most=65535)
HTTPS = env.https(HOST)
ALLOWED_HOSTS = env.allowed_hosts(HOST, debug=DEBUG)
SECRET_KEY = env.secret_key(VAR_DIR / "secret_key", debug=DEBUG)

INSTALLED_APPS = [
    "claims",
    "articles",
    "config.apps.DeskConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_filters",
    "django_htmx",
    "csp",
    "axes",
]

MIDDLEWARE = [
    "config.answers.Attend",
    "csp.middleware.CSPMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "config.answers.Explain",
    # Before anything that asks for the host's name, after what gives an answer its headers.
    "config.health.AnswerHealth",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    # Before anything that asks the database with what the visitor sent.
    "config.middleware.RefuseBrokenInput",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "claims.accounts.RolesBackend"]

# How often a password may be tried: config/door.py.
AXES_HANDLER = "config.door.Door"
AXES_LOCKOUT_CALLABLE = "config.door.locked_out"
AXES_CLIENT_IP_CALLABLE = "config.client.address"
AXES_LOCKOUT_PARAMETERS = ["username", "ip_address"]
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_ENABLE_ADMIN = AXES_VERBOSE = False

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

DATABASES = {
    "default": databases.database(
        env.text("DATABASE_URL"),
        default=VAR_DIR / "hearsay.sqlite3",
        statement_timeout=env.number("STATEMENT_TIMEOUT", 0, most=86_400),
    )
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
FIXTURE_DIRS = [BASE_DIR / "fixtures"]
SERIALIZATION_MODULES = {"json": "config.serializers"}

PUBLIC = env.is_public(HOST, ALLOWED_HOSTS)
DEMO = env.demo(default=DATABASES["default"]["ENGINE"] == databases.SQLITE, public=PUBLIC)
DEMO_PASSWORD = env.text("DEMO_PASSWORD")

FOUR_EYES = env.flag("FOUR_EYES", default=True)

# Long, not many-coloured: no rule says which characters a password must have.
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "config.passwords.MaximumLength"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LINK_DAYS = 3
PASSWORD_RESET_TIMEOUT = LINK_DAYS * 24 * 3600  # of a link by which somebody sets a password
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"

SITE_URL = env.site_url(ALLOWED_HOSTS, https=HTTPS, port=PORT)  # what links in mails begin with
MAILER = env.mailer()
SENDS_MAIL = bool(MAILER.backend)
EMAIL_BACKEND = MAILER.backend or "django.core.mail.backends.dummy.EmailBackend"
EMAIL_HOST, EMAIL_PORT = MAILER.host, MAILER.port
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = MAILER.user, MAILER.password
EMAIL_USE_TLS, EMAIL_USE_SSL = MAILER.tls, MAILER.ssl
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.text("EMAIL_FROM", f"Hearsay <hearsay@{SITE_URL.partition('://')[2].partition(':')[0]}>")

LANGUAGE_CODE = env.text("LANGUAGE_CODE", "en")
TIME_ZONE = env.text("TIME_ZONE", "UTC")
USE_I18N = True
FORMAT_MODULE_PATH = ["config.formats"]
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "config" / "static"]
WHITENOISE_ALLOW_ALL_ORIGINS = False
WHITENOISE_ROOT = BASE_DIR / "config" / "root"  # what browsers ask for at the top: /favicon.ico
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

# What one request may bring. A form of the admin may hold some hundred inline rows of ten fields.
MAX_QUERY_BYTES = 8 * 1024
MAX_UPLOAD_BYTES = 20 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
DATA_UPLOAD_MAX_NUMBER_FILES = 20

# No inline script or style anywhere, and nothing from elsewhere. More headers: config/answers.py.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "connect-src": [SELF],
        "font-src": [SELF],
        "img-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "config.errors.csrf_failure"
MESSAGE_STORAGE = "config.flashes.Flashes"

SESSION_COOKIE_AGE = 7 * 24 * 3600  # from signing in, used or not

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
if HTTPS:
    # A browser takes these names from this very host and over TLS only: no other host of the domain can set them.
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"
MESSAGES_COOKIE_NAME = "__Host-messages" if HTTPS else "messages"
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]  # asked from inside, where there is no TLS
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
BEHIND_PROXY = env.flag("BEHIND_PROXY")
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "config.audit.Line"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "django": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
        "hearsay": {"level": "INFO"},
        # What was refused has its one line from config/answers.py; here are left the tracebacks of faults.
        "django.request": {"level": "ERROR", "filters": ["faults"]},
        "django.security": {"level": "CRITICAL"},
    },
    "filters": {"faults": {"()": "config.audit.Faults"}},
}
