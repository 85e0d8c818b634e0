"""The one settings file. Every value comes from the environment; `.env.example` lists them with their defaults.

With nothing set this is the embedded default: SQLite, an embedded broker, the sandbox for the outside, the demo cast.
"""

import secrets
from pathlib import Path

import dj_database_url
from environs import Env

BASE_DIR = Path(__file__).resolve().parent.parent
env = Env()
env.read_env(str(BASE_DIR / ".env"))

# --- What kind of house this process is -----------------------------------------------------------------------------

DATA_DIR = Path(env.str("DATA_DIR", str(BASE_DIR / ".data"))).resolve()
"""Database, files and outbox of the embedded default; uploaded files in production."""
EMBEDDED = env.bool("EMBEDDED", not env.str("DATABASE_URL", ""))
"""Whether demo and sandbox stand in for the outside world. Off as soon as a database is named."""
DEBUG = env.bool("DEBUG", False)
PORT = env.int("PORT", 8000)
SITE_URL = env.str("SITE_URL", f"http://localhost:{PORT}").rstrip("/")

OUTSIDE_FACES = ("storefront", "portal", "machines")
INSIDE_FACES = ("desk", "workshop", "office")
FACES = tuple(env.list("FACES", [*OUTSIDE_FACES, *INSIDE_FACES]))
"""A process with outside faces only does not install what lies behind the wall (DESIGN 2)."""
IS_INSIDE = any(face in INSIDE_FACES for face in FACES)

if EMBEDDED:
    DATA_DIR.mkdir(parents=True, exist_ok=True)


def _embedded_secret() -> str:
    """A key that survives restarts of the embedded default and is never in the code."""

    path = DATA_DIR / "secret_key"
    if not path.exists():
        path.write_text(secrets.token_urlsafe(48))
        path.chmod(0o600)
    return path.read_text()


SECRET_KEY = env.str("SECRET_KEY", "") or (_embedded_secret() if EMBEDDED else "")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]"] if EMBEDDED else [])
CSRF_TRUSTED_ORIGINS: list[str] = env.list("CSRF_TRUSTED_ORIGINS", [])

DEMO_TICKETS = env.int("DEMO_TICKETS", 48)
"""How many of the real threads the demo files as tickets when it lays its world."""

# --- Rooms ----------------------------------------------------------------------------------------------------------

PUBLIC_APPS = [
    "accounts", "notifications", "assets", "duty",
    "billing", "promises", "talk",
    "vendors", "marketplace", "tickets",
]  # fmt: skip
INSIDE_APPS = ["desk", "rnd"] if IS_INSIDE else []

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django_cotton",
    "django_htmx",
    "heroicons",
    "kit",
    *PUBLIC_APPS,
    *INSIDE_APPS,
    "config.engine",
    "config",
    *(["sandbox"] if EMBEDDED else []),
    *(["demo"] if EMBEDDED and IS_INSIDE else []),
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.middleware.headers",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "config.middleware.reader",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["kit.templatetags.look"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.messages.context_processors.messages",
                "config.context.reader",
            ],
        },
    }
]

# --- Rows, bells, files ---------------------------------------------------------------------------------------------

DATABASES = {
    "default": dj_database_url.parse(env.str("DATABASE_URL", "") or f"sqlite:///{DATA_DIR / 'gatehouse.sqlite3'}")
}
_database = DATABASES["default"]
if _database["ENGINE"].endswith("sqlite3"):
    _database["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
elif env.bool("DATABASE_POOL", not EMBEDDED):
    _database["OPTIONS"] = {**_database.get("OPTIONS", {}), "pool": {"min_size": 1, "max_size": 8}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

BROKER_URL = env.str("REDIS_URL", "")
"""The doorbell. Empty: no bells, the sweeps alone do the work."""
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": BROKER_URL}
    if BROKER_URL
    else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
}

CELERY_BROKER_URL = BROKER_URL or "memory://"
CELERY_RESULT_BACKEND = None
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_ACKS_LATE = CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_SOFT_TIME_LIMIT, CELERY_TASK_TIME_LIMIT = 100, 120
CELERY_TASK_DEFAULT_QUEUE = "bell"
CELERY_TASK_PUBLISH_RETRY = False
CELERY_BROKER_CONNECTION_TIMEOUT = 2
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 300,
    "unacked_restore_interval": 5,
    "unacked_restore_throttle": 1,
    "socket_connect_timeout": 2,
}
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
QUEUES = ("bell", "mail", "money", "bulk")

FILES_DIR = Path(env.str("FILES_DIR", str(DATA_DIR / "files")))
"""Uploads, named by their SHA-256, outside of everything a web server serves."""
UPLOAD_LIMIT = env.int("UPLOAD_LIMIT", 10 * 1024 * 1024)
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024

STATIC_URL = "/static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", str(DATA_DIR / "static" if EMBEDDED else BASE_DIR / "staticfiles")))
if EMBEDDED:
    STATIC_ROOT.mkdir(exist_ok=True)
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_USE_FINDERS = EMBEDDED
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if EMBEDDED
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

# --- People ---------------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/accounts/home/"
LOGOUT_REDIRECT_URL = "/"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_PREVENT_ENUMERATION = True
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

# --- Languages and zones --------------------------------------------------------------------------------------------

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("zh-hans", "简体中文")]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_COOKIE_SAMESITE = "Lax"

# --- Mail -----------------------------------------------------------------------------------------------------------

OUTBOX_DIR = DATA_DIR / "outbox"
"""Where the embedded default's mail server stands in: one file a mail."""
if EMBEDDED and not env.str("EMAIL_URL", ""):
    EMAIL_BACKEND = "sandbox.mail.Outbox"
else:
    vars().update(env.dj_email_url("EMAIL_URL", "smtp://localhost:25"))
EMAIL_TIMEOUT = 15
DEFAULT_FROM_EMAIL = env.str("MAIL_FROM", "Support <support@gatehouse.example>")
MAIL_DOMAIN = env.str("MAIL_DOMAIN", "gatehouse.example")

# --- Payments by card -----------------------------------------------------------------------------------------------

CARD_RAIL = env.str("CARD_RAIL", "sandbox" if EMBEDDED else "")
"""The folder of billing/rails on which customers pay by card; empty: they pay by bank transfer only."""
CARD_SECRETS = env.list("CARD_SECRETS", [f"cards of {SECRET_KEY}"] if EMBEDDED else [])
"""What signs the card company's events; two while one takes the other's place. Without one no event is taken."""
CARD_GATEWAY = "sandbox.cards.api"
"""How the rail `sandbox` reaches its card company."""
SANDBOX_DIR = DATA_DIR / "sandbox"
"""The card company's own file."""
SANDBOX_EVENTS_URL = f"http://127.0.0.1:{PORT}/machines/payments/sandbox/events/"
SANDBOX_CARD_FEE_BPS = env.int("SANDBOX_CARD_FEE_BPS", 0)
"""What the card company in the box keeps of each payment, in hundredths of a percent."""

# --- The door -------------------------------------------------------------------------------------------------------

INTERNAL_HOSTS = env.list("INTERNAL_HOSTS", ["harbour.internal"] if EMBEDDED else [])
"""Host names and domains of the house that no outsider may read (DESIGN 9.3)."""
TRACKER_KEYS = env.list("TRACKER_KEYS", ["HARB"] if EMBEDDED else [])
"""Keys of the house's own trackers, such as HARB in HARB-1234."""

# --- Safety ---------------------------------------------------------------------------------------------------------

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
IS_HTTPS = SITE_URL.startswith("https://")
if IS_HTTPS:
    SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", True)
    SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", 31536000)
    SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    if env.bool("BEHIND_PROXY", False):
        SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# --- Logs -----------------------------------------------------------------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname).1s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": env.str("LOG_LEVEL", "INFO")},
}
