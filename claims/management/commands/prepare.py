from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from claims import first_run

FIRST_ACCOUNT = "There is no account yet. Make the first: .venv/bin/python manage.py createsuperuser"

DEMO_ACCOUNTS = (
    "Hearsay cannot start. The accounts of the sample still work, and others may visit: begin with an empty database, "
    "or switch the accounts off at the desk, under HTTPS=off and without ALLOWED_HOSTS."
)


class Command(BaseCommand):
    help = "Fills an empty database: roles and scales, and with DEMO=1 the sample and an account for each role."

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PUBLIC and first_run.demo_accounts_work():
            raise CommandError(DEMO_ACCOUNTS)
        done = first_run.fill(demo=settings.DEMO, password=settings.DEMO_PASSWORD)
        if done is None:
            return
        self.stdout.write(f"Loaded into the empty database: {', '.join(done.fixtures)}.")
        if not done.accounts:
            self.stdout.write(FIRST_ACCOUNT)
        elif settings.DEMO_PASSWORD:
            self.stdout.write(f"Accounts: {', '.join(done.accounts)}; password: as in DEMO_PASSWORD.")
        else:
            self.stdout.write(f"Accounts: {', '.join(done.accounts)}; password, shown only now: {done.password}")
