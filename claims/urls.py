from django.urls import path

from claims.views import browse, claim, outlets, reader, suggest, voices

urlpatterns = [
    path("", browse.home, name="home"),
    path("claims/", browse.claim_list, name="claim_list"),
    path("claims/<int:pk>/", claim.claim_detail, name="claim_short"),
    path("claims/<int:pk>-<slug:slug>/", claim.claim_detail, name="claim_detail"),
    path("claims/<int:pk>-<slug:slug>/sources/", claim.claim_sources, name="claim_sources"),
    path("sources/", voices.source_list, name="source_list"),
    path("sources/<slug:slug>/", voices.source_detail, name="source_detail"),
    path("publishers/", outlets.publisher_list, name="publisher_list"),
    path("publishers/<slug:slug>/", outlets.publisher_detail, name="publisher_detail"),
    path("articles/", outlets.article_list, name="article_list"),
    path("articles/<int:pk>/", reader.article_detail, name="article_detail"),
    path("tags/", browse.tag_list, name="tag_list"),
    path("tags/<slug:slug>/", browse.tag_detail, name="tag_detail"),
    path("suggest/sources/", suggest.sources, name="suggest_sources"),
    path("suggest/publishers/", suggest.publishers, name="suggest_publishers"),
    path("suggest/tags/", suggest.tags, name="suggest_tags"),
]
