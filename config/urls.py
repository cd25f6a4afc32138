"""The only place that mounts the apps."""

from django.contrib import admin
from django.contrib.auth import views as auth
from django.urls import include, path

from claims.admin.undo import undo_page
from config import accounts

handler400 = "config.errors.bad_request"
handler403 = "config.errors.permission_denied"
handler404 = "config.errors.page_not_found"
handler500 = "config.errors.server_error"

urlpatterns = [
    path("admin/undo/<int:pk>/", admin.site.admin_view(undo_page), name="undo"),
    path("admin/", admin.site.urls),
    path("login/", accounts.sign_in, name="login"),
    path("logout/", auth.LogoutView.as_view(), name="logout"),
    path("password/", accounts.ChangePassword.as_view(), name="password_change"),
    path("password/done/", auth.PasswordChangeDoneView.as_view(), name="password_change_done"),
    path("", include("claims.urls")),
]
