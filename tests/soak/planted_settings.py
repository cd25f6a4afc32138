"""The settings of a server with a planted fault: a stale save of a claim is taken for a fresh one."""

from tests.soak.settings import *  # noqa: F403
from tests.soak.settings import MIDDLEWARE

MIDDLEWARE = [*MIDDLEWARE, "tests.soak.planted.NewestLock"]
