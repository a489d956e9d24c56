# From a fresh clone each verb sets up what it needs and then does its work; the second time it only works.
# Plain GNU make (3.81 or later). `make PYTHON=python3.12 …` picks another Python, `make test ARGS=…` hands options on.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
LOG := .make.log
# As many tests at a time as there are cores; ARGS="-n 0" one after the other (a debugger, `-s`).
PYTEST := $(BIN)/pytest -n auto --dist worksteal
EXTRAS := dev,docs

# Compiled modules are kept, beside no source: many tests start the program anew, as its users do.
export PYTHONPYCACHEPREFIX := $(CURDIR)/$(VENV)/compiled
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help report test test-full container sbom fonts kit test-lowest verapdf lint bench docs reference dev constraints clean system system-full
.NOTPARALLEL:

help: ## 显示本帮助
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1|\2/p' Makefile | awk -F'|' '{ printf "%-20s %s\n", $$1, $$2 }'

report: $(VENV)/.report ## 为 inputs/ 下的全部评价生成报告，写入 out/
	@$(PYTHON) -X utf8 tools/fonts.py look
	@$(BIN)/selfeval build; code=$$?; [ $$code -gt 1 ] || echo '报告在 out/：先打开 out/<评价>/index.html'; exit $$code

test: $(VENV)/.dev ## 运行测试（ARGS="-k 名称" 只跑一部分）
	$(PYTEST) $(ARGS)

# pytest exits 5 where ARGS leaves no test to run: nothing has failed then.
test-full: system-full container $(VENV)/.dev ## 运行全部测试，包括很慢的、要用浏览器和 LibreOffice 的
	$(PYTEST) -m '' $(ARGS) || [ $$? -eq 5 ]

# Only where an engine runs; elsewhere that is said.
ENGINE := $(shell for one in podman docker; do command -v $$one >/dev/null && $$one info >/dev/null 2>&1 && echo $$one && break; done)

container: ## 构建容器映像，在其中生成一个示例（有 docker 或 podman 时）
ifeq ($(ENGINE),)
	@echo '没有在运行的容器引擎（docker、podman）：容器映像没有构建，没有检验'
else
	$(ENGINE) build -t selfeval .
	$(ENGINE) run --rm -v '$(CURDIR)/inputs:/work/inputs:ro' selfeval build inputs/ningxia-2020 --out /tmp/out || [ $$? -eq 1 ]
endif

sbom: $(VENV)/.dev ## 物料清单（CycloneDX）：build/selfeval.cdx.json
	@mkdir -p build && $(BIN)/python tools/sbom.py >build/selfeval.cdx.json

fonts: system ## 取自由的仿宋（FandolFang）放进当前用户的字体文件夹（Debian、Ubuntu；以后的报告正文用它）
	@$(PYTHON) -X utf8 tools/fonts.py

kit: $(VENV)/.dev ## 内网用的离线安装包：build/kits 下每个系统、每个 Python 版本一个 zip（ARGS=windows-x64-py3.12 只做一个）
	@$(BIN)/python tools/kit.py $(ARGS)

verapdf: system-full $(VENV)/.dev ## 用 veraPDF 检验两种引擎的各类 PDF 是否符合 PDF/A-3a 和 PDF/UA-1
	$(PYTEST) -m full -rs tests/report/test_verapdf.py $(ARGS)

# The oldest versions pyproject.toml allows, each dependency pinned to its lower bound.
test-lowest: system ## 用依赖的最低版本运行测试
	@mkdir -p build && $(PYTHON) tools/lowest.py >build/lowest.txt
	$(call quietly,正在按最低版本安装依赖,$(PYTHON) -m venv --clear build/lowest && build/lowest/bin/pip install --no-compile -c build/lowest.txt -e '.[dev]')
	build/lowest/bin/python -m pytest -n auto --dist worksteal $(ARGS)

lint: $(VENV)/.dev ## 检查代码：ruff、mypy、import-linter（房间之间的墙）
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

bench: $(VENV)/.report ## 测速并与其他办法比较，见 docs/benchmark.md（ARGS=--quick 一两分钟）
	@$(BIN)/python benchmarks/run.py $(ARGS)

docs: $(VENV)/.docs ## 把文档做成网站 build/site，离线可看、可搜索；有死链接就失败
	@rm -rf build/site
	@$(BIN)/python tools/check_pages.py docs/checks --pages
	@$(BIN)/python -m sphinx -q -W --keep-going -c docs -d build/doctrees . build/site
	@echo '网站在 build/site/：打开 build/site/index.html'

reference: $(VENV)/.dev ## 按程序重写 docs/reference、docs/conformance、检查代码一览和英文目录
	@$(BIN)/python tools/reference.py
	@$(BIN)/python tools/catalogue.py
	@$(BIN)/python tools/conformance.py
	@$(BIN)/python tools/check_pages.py docs/checks

dev: $(VENV)/.dev ## 只建立开发环境 .venv

constraints: | system ## 按当前最新版本重写 constraints.txt
	$(call quietly,正在解析依赖,$(PYTHON) -m venv --clear build/fresh && build/fresh/bin/pip install '.[$(EXTRAS)]')
	@{ sed -n "/^#/p; /; sys_platform == 'win32'$$/p" constraints.txt; build/fresh/bin/pip freeze --exclude selfeval; } | \
	sed "/^cryptography==/s/$$/; sys_platform != 'win32' or platform_machine != 'ARM64'/" >build/constraints.txt
	@mv build/constraints.txt constraints.txt && rm -rf build/fresh

clean: ## 删除环境和缓存（out/ 里的报告保留）
	rm -rf $(VENV) $(LOG) build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# What comes from the operating system is looked at every time (0.1 s) and installed only where it lacks.
system:
	@$(PYTHON) -X utf8 tools/system.py report

system-full:
	@$(PYTHON) -X utf8 tools/system.py full

# $(call quietly,what is done,command): one line while it lasts; what it printed only if it fails.
quietly = @echo '$(1)…'; { $(2); } >$(LOG) 2>&1 || { code=$$?; cat $(LOG); echo '失败：$(1)（以上也在 $(LOG)）'; exit $$code; }

# The environment. Each stamp is touched last, so that a run that broke off is taken up again. It is made anew when it
# is not complete or the Python under it has gone (an upgrade), and filled again when the dependencies change.
USABLE := $(shell $(BIN)/python -c 'import pip; print(1)' 2>/dev/null)

$(VENV)/.made: $(if $(USABLE),,system) | system
	$(call quietly,正在建立 Python 环境 $(VENV),$(PYTHON) -m venv --clear $(VENV))
	@touch $@

$(VENV)/.report: $(VENV)/.made pyproject.toml constraints.txt
	$(call quietly,正在安装 Python 依赖（第一次约一分钟）,$(BIN)/pip install --no-compile -c constraints.txt -e .)
	@touch $@

$(VENV)/.dev: $(VENV)/.made pyproject.toml constraints.txt
	$(call quietly,正在安装 Python 依赖和开发工具（第一次约一分钟）,$(BIN)/pip install --no-compile -c constraints.txt -e '.[dev]')
	@touch $(VENV)/.report $@

$(VENV)/.docs: $(VENV)/.report
	$(call quietly,正在安装做网站所用的包,$(BIN)/pip install --no-compile -c constraints.txt -e '.[docs]')
	@touch $@
