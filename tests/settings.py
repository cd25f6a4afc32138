"""The real settings, whatever the shell's environment says, with the little that tests need changed."""

import os

for name in ("DEBUG", "HOST", "PORT", "HTTPS", "BEHIND_PROXY", "ALLOWED_HOSTS", "TIME_ZONE", "LANGUAGE_CODE"):
    os.environ.pop(name, None)
os.environ["SECRET_KEY"] = "only-for-tests-" + "0123456789abcdefghijklmnopqrstuvwxyz"

from config.settings import *  # noqa: F403
from config.settings import DATABASES, STORAGES, VAR_DIR

# Hashed names exist only after collectstatic.
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
WHITENOISE_AUTOREFRESH = WHITENOISE_USE_FINDERS = True

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

# A file, not memory: the live server's threads then have a connection each, as they will in use.
# Its name holds the process, so that two runs at once do not meet.
DATABASES["default"]["CONN_MAX_AGE"] = 0
if DATABASES["default"]["ENGINE"] == "config.sqlite":
    DATABASES["default"]["TEST"] = {"NAME": str(VAR_DIR / f"test-{os.getpid()}.sqlite3")}
    DATABASES["default"]["OPTIONS"]["init_command"] += "; PRAGMA synchronous=OFF"
