# One image for all processes of a house in production: web, worker, ticker and the one-off commands.
# deploy/README.md says how to run it. The tags are pinned here; pin a digest too where you build.
ARG PYTHON=python:3.11.13-slim-bookworm

FROM ${PYTHON} AS built
ENV PYTHONDONTWRITEBYTECODE=1 PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN python -m venv /opt/house
COPY requirements/app.lock /tmp/app.lock
RUN /opt/house/bin/pip install --no-input --require-hashes --only-binary :all: -r /tmp/app.lock
COPY . /srv/house
WORKDIR /srv/house
# Words and static files are made now, since the file system is read-only later. The values are for this step alone:
# no connection is opened, and none of them stays in the image.
RUN EMBEDDED=false SECRET_KEY=for-the-build-only DATABASE_URL=postgres://nobody@nowhere/nothing \
    EMAIL_URL=smtp://nowhere SITE_URL=https://nowhere.invalid STATIC_ROOT=/srv/house/staticfiles \
    sh -c '/opt/house/bin/python manage.py words --compile && /opt/house/bin/python manage.py collectstatic --noinput' \
    && /opt/house/bin/python -m compileall -q -j 0 /opt/house/lib /srv/house

FROM ${PYTHON}
LABEL org.opencontainers.image.title="Gatehouse" org.opencontainers.image.licenses="Apache-2.0"
RUN groupadd --system --gid 10001 house \
    && useradd --system --uid 10001 --gid house --home-dir /nonexistent --no-create-home --shell /usr/sbin/nologin house \
    && install -d -o house -g house -m 0750 /var/lib/gatehouse /var/lib/gatehouse/files
COPY --from=built /opt/house /opt/house
COPY --from=built /srv/house /srv/house
WORKDIR /srv/house
ENV PATH=/opt/house/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    EMBEDDED=false DATA_DIR=/var/lib/gatehouse FILES_DIR=/var/lib/gatehouse/files STATIC_ROOT=/srv/house/staticfiles
USER 10001:10001
VOLUME /var/lib/gatehouse/files
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=6s --start-period=30s --retries=3 \
    CMD ["python", "-I", "-S", "config/engine/probe.py", "web"]
CMD ["python", "manage.py", "web"]
