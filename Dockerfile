# selfeval with what it needs of the system: `docker build -t selfeval .`, then in a folder with inputs/
#   docker run --rm --user "$(id -u):$(id -g)" -v "$PWD:/work" selfeval build
# What Debian has to bring is known in one place, tools/system.py.
FROM debian:bookworm-slim

RUN apt-get update \
 && apt-get install -y --no-install-recommends python3 python3-venv \
 && rm -rf /var/lib/apt/lists/*

WORKDIR /src
COPY tools/system.py tools/
RUN apt-get update \
 && python3 -X utf8 tools/system.py report \
 && rm -rf /var/lib/apt/lists/*

COPY pyproject.toml constraints.txt README.md LICENSE ./
COPY selfeval selfeval
COPY report_templates report_templates
RUN python3 -m venv /opt/selfeval \
 && /opt/selfeval/bin/pip install --no-cache-dir -c constraints.txt '.[sign]' \
 && rm -rf /src

RUN useradd --create-home selfeval
USER selfeval
WORKDIR /work
ENV PATH=/opt/selfeval/bin:$PATH PYTHONUTF8=1 XDG_STATE_HOME=/tmp/state XDG_CACHE_HOME=/tmp/cache
ENTRYPOINT ["selfeval"]
