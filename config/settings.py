"""The one settings file. Every value comes from the environment; `.env.example` lists them with their defaults.

With nothing set this is the embedded default: SQLite, an embedded broker, the sandbox for the outside, the demo cast.
"""

import secrets
from pathlib import Path
from urllib.parse import urlsplit

import dj_database_url
from django.core.exceptions import ImproperlyConfigured
from environs import FileAwareEnv, validate

BASE_DIR = Path(__file__).resolve().parent.parent
env = FileAwareEnv()
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
SECRET_KEY_FALLBACKS: list[str] = env.list("SECRET_KEY_FALLBACKS", [])
"""Former keys: what they signed is still read until they leave this list."""
SITE_HOST = urlsplit(SITE_URL).hostname or "localhost"
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", []) or (["localhost", "127.0.0.1", "[::1]"] if EMBEDDED else [SITE_HOST])
CSRF_TRUSTED_ORIGINS: list[str] = env.list("CSRF_TRUSTED_ORIGINS", [])

REQUIRED = ("DATABASE_URL", "EMAIL_URL", "SECRET_KEY", "SITE_URL")
"""What nobody can guess for a house in production."""
if not EMBEDDED and (absent := [name for name in REQUIRED if not env.str(name, "")]):
    raise ImproperlyConfigured(
        f"A house in production needs {', '.join(absent)} in its environment (or {absent[0]}_FILE and so on, a file "
        "that holds the value). .env.example says what they are; without DATABASE_URL and with EMBEDDED unset this is "
        "the house for trying out."
    )

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
    "allauth.usersessions",
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
    "config.middleware.alive",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.middleware.headers",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "config.middleware.body_limit",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "config.middleware.Storable",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "config.middleware.idle",
    "config.account.seen.seen",
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
            "builtins": ["kit.templatetags.look", "kit.templatetags.markdown"],
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
    "default": dj_database_url.parse(
        env.str("DATABASE_URL", "") or f"sqlite:///{DATA_DIR / 'gatehouse.sqlite3'}", conn_health_checks=True
    )
}
_database = DATABASES["default"]
if _database["ENGINE"].endswith("sqlite3"):
    _database["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
else:
    _database["OPTIONS"] = {
        "connect_timeout": 5,
        # None behind a pooler of transactions, which gives each of them another connection
        "prepare_threshold": 2 if env.bool("DATABASE_PREPARE", EMBEDDED or env.bool("DATABASE_POOL", True)) else None,
        **_database.get("OPTIONS", {}),
    }
    if env.bool("DATABASE_POOL", not EMBEDDED):
        _database["OPTIONS"]["pool"] = {
            "min_size": 1,
            "max_size": env.int("DATABASE_POOL_SIZE", 8),
            "timeout": 3,  # a visitor is told after three seconds that the database is away
            "reconnect_timeout": 5,  # and no try to come back waits longer than the outage
        }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

BROKER_URL = env.str("REDIS_URL", "")
"""The doorbell. Empty: no bells, the sweeps alone do the work."""
CACHES = {
    "default": {
        "BACKEND": "config.engine.cache.Cache",
        "LOCATION": BROKER_URL,
        "OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 1},
    }
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
"""The names of all queues; a worker answers those of `WORKER_QUEUES`."""
WORKER_QUEUES = tuple(env.list("WORKER_QUEUES", list(QUEUES)))
WORKER_POOL = env.str("WORKER_POOL", "prefork")
"""`prefork` can end a task that hangs; `threads` is smaller."""
WORKER_CONCURRENCY = env.int("WORKER_CONCURRENCY", 2)

WEB_WORKERS = env.int("WEB_WORKERS", 2)
WEB_THREADS = env.int("WEB_THREADS", 4)
WEB_TIMEOUT = env.int("WEB_TIMEOUT", 60)
"""Seconds after which a web process that does not move is replaced."""
WEB_GRACE = env.int("WEB_GRACE", 8)
"""Seconds in which requests may end when web stops."""
WEB_MAX_REQUESTS = env.int("WEB_MAX_REQUESTS", 0 if EMBEDDED else 20_000)
"""After about so many a web process makes room for a fresh one; 0 = never."""
ACCESS_LOG = env.bool("ACCESS_LOG", not EMBEDDED)
"""A line for every request, without query and without what looks like a secret in its path."""

FILES_DIR = Path(env.str("FILES_DIR", str(DATA_DIR / "files")))
"""Uploads, named by their SHA-256, outside of everything a web server serves."""
UPLOAD_LIMIT = env.int("UPLOAD_LIMIT", 10 * 1024 * 1024)
BODY_LIMIT = env.int("BODY_LIMIT", 8 * UPLOAD_LIMIT)
"""A request longer than this is refused unread; the proxy in front should refuse it first."""
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS, DATA_UPLOAD_MAX_NUMBER_FILES = 500, 20
FILE_UPLOAD_PERMISSIONS = 0o600

LIMITS_ON = env.bool("LIMITS_ON", True)
MEGABYTE = 1024 * 1024
LIMITS = {
    "forms": (env.int("LIMIT_FORMS", 900), 3600),
    "reading": (env.int("LIMIT_READING", 1200), 600),
    "filing": (env.int("LIMIT_FILING", 30), 3600),
    "speaking": (env.int("LIMIT_SPEAKING", 60), 3600),
    "urging": (env.int("LIMIT_URGING", 20), 3600),
    "buying": (env.int("LIMIT_BUYING", 30), 3600),
    "inviting": (env.int("LIMIT_INVITING", 30), 3600),
    "previewing": (env.int("LIMIT_PREVIEWING", 600), 3600),
    "searching": (env.int("LIMIT_SEARCHING", 900), 600),
    "live": (env.int("LIMIT_LIVE", 9000), 600),
    "uploads": (env.int("LIMIT_UPLOADS", 300) * MEGABYTE, 3600),
}
"""How often within so many seconds (`kit/limits.py`): by person, `reading` by network address; `uploads` in bytes."""

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
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True
"""Only in the browser that signed up; whoever opens the link elsewhere signs in."""
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_CHANGE_EMAIL = True
"""One address a person; a new one counts once it is confirmed."""
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_ADAPTER = "config.account.adapter.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "config.account.forms.LoginForm",
    "signup": "config.account.forms.SignupForm",
    "add_email": "config.account.forms.AddEmailForm",
    "change_password": "config.account.forms.ChangePasswordForm",
    "set_password": "config.account.forms.SetPasswordForm",
    "reset_password": "config.account.forms.ResetPasswordForm",
    "reset_password_from_key": "config.account.forms.ResetPasswordKeyForm",
    "reauthenticate": "config.account.forms.ReauthenticateForm",
}
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "10/m/ip,5/5m/key",
    "signup": "20/m/ip",
    "reset_password": "20/m/ip,5/m/key",
    "reset_password_from_key": "20/m/ip",
    "confirm_email": "1/3m/key",
    "change_password": "5/m/user",
    "manage_email": "10/m/user",
    "reauthenticate": "10/m/user",
}
"""How often, an address of the network, a person, or an e-mail address (key). What is over it gets the page 429."""
MFA_ADAPTER = "config.account.adapter.FactorAdapter"
MFA_FORMS = {
    "authenticate": "config.account.forms.AuthenticateForm",
    "reauthenticate": "config.account.forms.ReauthenticateByCodeForm",
    "activate_totp": "config.account.forms.AppForm",
    "add_webauthn": "config.account.forms.PasskeyForm",
    "edit_webauthn": "config.account.forms.PasskeyNameForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_TOLERANCE = 1
MFA_ALLOW_UNVERIFIED_EMAIL = True
"""Nobody signs in before the first address is confirmed; this lets a person with a second factor change theirs."""
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = EMBEDDED
"""Passkeys on http://localhost, for trying out; everywhere else only over HTTPS."""
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXIES", 1 if env.bool("BEHIND_PROXY", False) else 0)
"""How many proxies of our own stand before this process: so many entries of X-Forwarded-For are believed."""
INVITATION_HOURS = 72
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
MAIL_DOMAIN = env.str("MAIL_DOMAIN", "") or ("gatehouse.example" if EMBEDDED else SITE_HOST)
DEFAULT_FROM_EMAIL = env.str("MAIL_FROM", "") or f"Support <support@{MAIL_DOMAIN}>"

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
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_ENGINE = "config.account.store"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = env.int("SESSION_DAYS", 14) * 86_400
SESSION_IDLE = env.int("SESSION_IDLE_HOURS", 0 if EMBEDDED else 12) * 3_600
"""Seconds without a request after which a session ends; 0 = only its age ends it."""
BEHIND_PROXY = env.bool("BEHIND_PROXY", False)
"""One proxy in front, which sets X-Forwarded-Proto and X-Forwarded-For itself and lets nobody else set them."""
IS_HTTPS = SITE_URL.startswith("https://")
LANGUAGE_COOKIE_SECURE = IS_HTTPS
if IS_HTTPS:
    SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", True)
    SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", 31536000)
    SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-session", "__Host-csrf"
    if BEHIND_PROXY:
        SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# --- Logs -----------------------------------------------------------------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"format": "%(asctime)s %(levelname).1s %(name)s %(message)s"},
        "json": {"()": "config.logs.JsonLine"},
    },
    "handlers": {
        "stream": {
            "class": "logging.StreamHandler",
            "formatter": env.str("LOG_FORMAT", "line", validate=validate.OneOf(["line", "json"])),
            "stream": f"ext://sys.{env.str('LOG_STREAM', 'stderr', validate=validate.OneOf(['stderr', 'stdout']))}",
        }
    },
    "root": {"handlers": ["stream"], "level": env.str("LOG_LEVEL", "INFO")},
    "loggers": {"celery": {"level": "WARNING"}, "psycopg.pool": {"level": "ERROR"}},
}
