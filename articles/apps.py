from django.apps import AppConfig


class ArticlesConfig(AppConfig):
    """The evidence: publishers, articles and their versions. Knows nothing of claims."""

    name = "articles"
    default_auto_field = "django.db.models.BigAutoField"
