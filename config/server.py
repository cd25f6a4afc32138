"""How gunicorn serves the site: `gunicorn -c config/server.py config.wsgi`. The names are gunicorn's."""

import os
import signal
import sys
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
# A page that takes longer is given up; an import or a migration at the command line may take its time.
os.environ.setdefault("STATEMENT_TIMEOUT", "30")

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from config import databases, startup

try:
    startup.check_secrets(settings.DATABASES["default"])
except ImproperlyConfigured as refused:
    sys.exit(f"Hearsay cannot start. {refused}")
databases.keep_to_existing(settings.DATABASES["default"])

ON_SQLITE = settings.DATABASES["default"]["ENGINE"] == databases.SQLITE

bind = f"[{settings.HOST}]:{settings.PORT}" if ":" in settings.HOST else f"{settings.HOST}:{settings.PORT}"
worker_class = "gthread"
# One process writes to an SQLite file; PostgreSQL takes as many as the machine has processors.
workers = 1 if ON_SQLITE else int(os.environ.get("WEB_CONCURRENCY") or min(os.cpu_count() or 1, 4))
threads = 8
timeout = 60
graceful_timeout = 20
limit_request_line = 8190
forwarded_allow_ips = "*" if settings.BEHIND_PROXY else ""
control_socket_disable = True
loglevel = "warning"


def when_ready(server: Any) -> None:
    """Said when it is true: the port is bound."""
    print(startup.greeting(bind, https=settings.HTTPS, behind_proxy=settings.BEHIND_PROXY), flush=True)


def post_worker_init(worker: Any) -> None:
    """Ctrl-C reaches the whole process group; a worker that is told twice, once by its master, may hang."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
