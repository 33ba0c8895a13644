# The planner as an image, with the versions of inputs/versions.txt:
#
#   docker build -t planner .
#   docker run --rm --user "$(id -u):$(id -g)" -v "$PWD:/plans" planner run reference
#
# Results appear in results/ of the folder where the command is given, and belong to who gives it.

FROM python:3.11-slim AS build
WORKDIR /source
COPY pyproject.toml setup.py MANIFEST.in README.md LICENSE ./
COPY models models
COPY planner planner
COPY inputs inputs
RUN python -m venv /opt/planner \
    && /opt/planner/bin/pip install --no-cache-dir --no-compile -c inputs/versions.txt .

FROM python:3.11-slim
COPY --from=build /opt/planner /opt/planner
RUN useradd --uid 1000 --create-home planner && install --directory --owner=planner /plans
ENV PATH=/opt/planner/bin:$PATH PYTHONDONTWRITEBYTECODE=1
USER 1000
WORKDIR /plans
ENTRYPOINT ["planner"]
CMD ["--help"]
