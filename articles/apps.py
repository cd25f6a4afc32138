from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class ArticlesConfig(AppConfig):
    """The evidence: publishers, articles and their versions. Knows nothing of claims."""

    name = "articles"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        post_migrate.connect(_install_triggers, sender=self)


def _install_triggers(using: str, **_migration: Any) -> None:
    # Models can be imported only once all apps are ready.
    from articles import triggers

    triggers.install(using)
