# Rasa with our extensions and the trained dialogue model.
#   docker build -f deploy/rasa.Dockerfile .

FROM python:3.10.19-slim-bookworm AS packages
ENV UV_COMPILE_BYTECODE=1 UV_LINK_MODE=copy VIRTUAL_ENV=/opt/venv
WORKDIR /build
COPY requirements/uv.txt requirements/rasa.txt requirements/
RUN pip install --no-cache-dir --requirement requirements/uv.txt \
    && uv venv "$VIRTUAL_ENV" \
    && uv pip install --no-cache --no-deps --requirements requirements/rasa.txt

FROM python:3.10.19-slim-bookworm AS runtime
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 HOME=/tmp MPLCONFIGDIR=/tmp \
    RASA_TELEMETRY_ENABLED=false SQLALCHEMY_SILENCE_UBER_WARNING=1 TF_CPP_MIN_LOG_LEVEL=3
RUN groupadd --gid 10001 frontdesk \
    && useradd --uid 10001 --gid 10001 --no-create-home --shell /usr/sbin/nologin frontdesk
WORKDIR /app
COPY --from=packages /opt/venv /opt/venv
COPY contracts contracts
COPY rasa_extensions rasa_extensions
COPY deploy/healthy.py deploy/healthy.py
COPY domain domain
COPY config.yml endpoints.yml credentials.yml ./

FROM runtime AS model
COPY data data
RUN python -m rasa train --config config.yml --domain domain --data data/rules data/stories data/nlu \
    --out models/rasa --fixed-model-name frontdesk

FROM runtime AS rasa
COPY --from=model /app/models/rasa models/rasa
USER 10001
EXPOSE 5005
HEALTHCHECK --interval=10s --timeout=3s --start-period=120s --retries=6 CMD ["python", "deploy/healthy.py", "http://127.0.0.1:5005/webhooks/rest/ready"]
# exec, so that Rasa itself is told to stop; the shell is there to read the token from the environment.
CMD ["sh", "-c", "exec python -m rasa_extensions.command run --enable-api --model models/rasa/frontdesk.tar.gz --endpoints endpoints.yml --credentials credentials.yml --port 5005"]
