"""Articles and publishers: evidence, but what is read off the chains depends on who published what when."""

from django.contrib import admin

from articles.admin import ArticleAdmin, PublisherAdmin
from articles.models import Article, Publisher
from claims.admin.base import Refreshing
from claims.admin.forms import PageForm
from claims.admin.merge import Merging
from claims.admin.suggesting import Suggesting


@admin.register(Publisher)
class RefreshingPublisherAdmin(Merging, Refreshing, PublisherAdmin):
    """Mends the claims that pass through the publisher."""

    form = PageForm


@admin.register(Article)
class RefreshingArticleAdmin(Suggesting, Refreshing, ArticleAdmin):
    """Mends the claims that its statements make."""

    form = PageForm
