"""Django's settings, from the environment and the work folder. Debug, sign-up, default accounts are off.

GUANTONG_HOME · DATABASE_URL · GUANTONG_URL (the public address; https turns secure cookies and HSTS on)
GUANTONG_HOSTS (more host names) · GUANTONG_BEHIND_PROXY (trust X-Forwarded-Proto) · GUANTONG_LOG_LEVEL
GUANTONG_SECRET_KEY (several machines share one) · GUANTONG_DEBUG · GUANTONG_POOL (set by the web process)
"""

from __future__ import annotations

import os
from urllib.parse import urlsplit

from guantong.site import logs
from guantong.site.apps import present_apps
from guantong.site.databases import aliases
from guantong.site.folder import secret_key, work_folder
from guantong.site.wanted import exists

WORK_FOLDER = work_folder()
SECRET_KEY = secret_key(WORK_FOLDER)
DEBUG = os.environ.get("GUANTONG_DEBUG") == "1"
PUBLIC_URL = os.environ.get("GUANTONG_URL", "http://localhost:8000").rstrip("/")
HTTPS = PUBLIC_URL.startswith("https://")
_more_hosts = [name for name in os.environ.get("GUANTONG_HOSTS", "").replace(",", " ").split() if name]
ALLOWED_HOSTS = [
    "localhost",
    "127.0.0.1",
    "[::1]",
    urlsplit(PUBLIC_URL).hostname or "localhost",
    *_more_hosts,
]

DATABASES = aliases(pooled=int(os.environ.get("GUANTONG_POOL", "0")))
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
PROCRASTINATE_DATABASE_ALIAS = "default"
PROCRASTINATE_ON_APP_READY = None

_tenancy = exists("guantong.engine.tenancy.models")
AUTH_USER_MODEL = "tenancy.Account" if _tenancy else "auth.User"

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "allauth",
    "allauth.account",
    "allauth.headless",
    "procrastinate.contrib.django",
    *present_apps(),
]
MIDDLEWARE = [
    "guantong.site.headers.SecurityHeaders",
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "guantong.site.urls"
WSGI_APPLICATION = "guantong.site.wsgi.application"
APPEND_SLASH = False
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [os.path.join(os.path.dirname(__file__), "pages")],
        "OPTIONS": {"context_processors": ["django.template.context_processors.request"]},
    }
]

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_I18N = True

AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}", "OPTIONS": options}
    for name, options in (
        ("UserAttributeSimilarityValidator", {}),
        ("MinimumLengthValidator", {"min_length": 10}),
        ("CommonPasswordValidator", {}),
        ("NumericPasswordValidator", {}),
    )
]
ACCOUNT_ADAPTER = "guantong.site.signin.ClosedDoor"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None if _tenancy else "username"
HEADLESS_ONLY = True
HEADLESS_CLIENTS = ("browser",)
HEADLESS_FRONTEND_URLS = {
    "account_confirm_email": PUBLIC_URL + "/sign-in/confirm/{key}",
    "account_reset_password": PUBLIC_URL + "/sign-in/reset",
    "account_reset_password_from_key": PUBLIC_URL + "/sign-in/reset/{key}",
    "account_signup": PUBLIC_URL + "/",
}

SESSION_COOKIE_NAME = "guantong_session"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]  # asked by the supervisor, inside the machine
SECURE_PROXY_SSL_HEADER = (
    ("HTTP_X_FORWARDED_PROTO", "https") if os.environ.get("GUANTONG_BEHIND_PROXY") == "1" else None
)
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
MEDIA_ROOT = WORK_FOLDER / "files"
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"

LOGGING_CONFIG = None
logs.configure(os.environ.get("GUANTONG_LOG_LEVEL", "INFO").upper())
