"""The wheel as a user installs it: complete, at work anywhere, no dependency undeclared."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
import sysconfig
import tomllib
import venv
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

import pytest
from parsed import nodes_of

ROOT = Path(__file__).resolve().parent.parent

EVALUATION = {
    "selfeval.toml": """\
[evaluation]
year = 2021
unit = "某市某单位"
""",
    "projects.csv": """\
项目编号,项目名称,主管部门,实施单位,开始日期,结束日期,年度总体目标,总体目标完成情况
P01,业务培训经费,某市某局,某市某单位,2021-01-01,2021-12-31,举办培训3次,已举办培训3次
""",
    "budget.csv": """\
项目编号,资金来源,年初预算数,全年预算数,全年执行数
P01,财政拨款,100000,100000,100000
""",
    "targets.csv": """\
项目编号,一级指标,二级指标,三级指标,指标性质,指标值,度量单位,分值
P01,产出指标,数量指标,培训次数,≥,3,次,50
P01,效益指标,社会效益指标,持证上岗率,≥,90,%,30
P01,满意度指标,服务对象满意度指标,参训人员满意度,≥,95,%,10
""",
    "actuals.csv": """\
项目编号,二级指标,三级指标,实际完成值,佐证材料
P01,数量指标,培训次数,3,培训签到表
P01,社会效益指标,持证上岗率,92%,持证人员名册
P01,服务对象满意度指标,参训人员满意度,96%,满意度问卷汇总
""",
}


@dataclass(frozen=True)
class Installation:
    """A fresh environment with the wheel in it, and an empty folder to work in."""

    environment: Path
    folder: Path

    def run(self, program: str, *arguments: str) -> str:
        """What a program of the environment prints; it has to end well."""
        scripts = sysconfig.get_path("scripts", "venv", vars={"base": str(self.environment)})
        inherited = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
        done = subprocess.run(
            [str(Path(scripts) / program), *arguments],
            cwd=self.folder,
            env={**inherited, "PYTHONUTF8": "1"},
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )
        assert done.returncode == 0, f"exit {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built without a network, from the sdist: so that is complete too."""
    folder = tmp_path_factory.mktemp("dist")
    build = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    done = subprocess.run(build, capture_output=True, text=True, errors="replace", check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """selfeval comes from the wheel; its dependencies are lent by the environment of the tests.

    A plain line in a .pth file does lend them, but not what is installed there in editable form.
    """
    environment = tmp_path_factory.mktemp("environment")
    venv.create(environment)
    places = {"base": str(environment), "platbase": str(environment)}
    packages = Path(sysconfig.get_path("purelib", "venv", vars=places))
    (packages / "lent.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    python = Path(sysconfig.get_path("scripts", "venv", vars=places)) / "python"
    pip = [sys.executable, "-m", "pip", "--python", str(python)]
    subprocess.run(
        [*pip, "install", "-q", "--no-index", "--no-deps", str(wheel)],
        capture_output=True,
        check=True,
    )
    return Installation(environment, tmp_path_factory.mktemp("folder"))


@pytest.mark.slow
def test_the_wheel_carries_templates_profiles_and_types(wheel: Path) -> None:
    carried = set(zipfile.ZipFile(wheel).namelist())
    templates = [
        f"selfeval/{path.relative_to(ROOT).as_posix()}"
        for path in (ROOT / "report_templates").rglob("*")
        if path.is_file()
    ]
    assert templates
    assert carried.issuperset(templates)
    data = [path for path in (ROOT / "selfeval").rglob("*") if path.is_file() and path.suffix not in {".py", ".pyc"}]
    assert {"py.typed", "mof-2020.toml", "english.po", "填写说明.md"} <= {path.name for path in data}
    assert carried.issuperset(path.relative_to(ROOT).as_posix() for path in data)
    assert not [name for name in carried if not name.startswith("selfeval")]


@pytest.mark.slow
def test_the_wheel_stands_apart_from_the_source_tree(installed: Installation) -> None:
    found = installed.run("python", "-c", "import selfeval; print(selfeval.__file__)")
    assert installed.environment in Path(found.strip()).parents


@pytest.mark.slow
def test_the_wheel_lists_its_rules(installed: Installation) -> None:
    assert "mof-2020" in installed.run("selfeval", "rules")


@pytest.mark.slow
def test_the_wheel_builds_reports_in_an_empty_folder(installed: Installation) -> None:
    evaluation = installed.folder / "inputs" / "sample"
    evaluation.mkdir(parents=True)
    for name, text in EVALUATION.items():
        (evaluation / name).write_text(text, encoding="utf-8")
    installed.run("selfeval", "build", "--format", "html,pdf")
    report = installed.folder / "out" / "sample" / "projects" / "P01"
    assert "业务培训经费" in (report / "report.html").read_text(encoding="utf-8")
    assert (report / "report.pdf").read_bytes().startswith(b"%PDF-")
    assert (installed.folder / "out" / "sample" / "scorecard.json").is_file()


@pytest.mark.slow
def test_the_wheel_leads_from_nothing_to_a_report(installed: Installation) -> None:
    installed.run("selfeval", "init", "我的评价-2024")
    installed.run("selfeval", "build", "我的评价-2024")
    report = installed.folder / "out" / "我的评价-2024" / "projects" / "P01" / "report.pdf"
    assert "一致" in installed.run("selfeval", "verify", str(report))
    asked = "import selfeval; print(selfeval.evaluate('我的评价-2024').scorecards[0].total)"
    assert installed.run("python", "-c", asked).strip() > "90"
    assert "Show the version" in installed.run("selfeval", "--lang", "en", "--help")


def imported_packages(folder: Path) -> Iterator[tuple[str, str]]:
    """Every top-level name imported anywhere below a folder, late imports too, with the file."""
    for path in folder.rglob("*.py"):
        for node in nodes_of(path):
            if isinstance(node, ast.Import):
                yield from ((alias.name.partition(".")[0], path.name) for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                yield node.module.partition(".")[0], path.name


def test_every_imported_package_is_a_declared_dependency() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    requirements = sum((extras[name] for name in extras if name != "dev"), project["dependencies"])
    declared = {normalized(re.match(r"[\w.-]+", requirement)[0]) for requirement in requirements}
    distributions = metadata.packages_distributions()
    undeclared = {
        (package, file)
        for package, file in imported_packages(ROOT / "selfeval")
        if package != "selfeval" and package not in sys.stdlib_module_names
        if not declared.intersection(map(normalized, distributions.get(package, [package])))
    }
    assert not undeclared


def normalized(name: str) -> str:
    """A distribution's name as the registries compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()
