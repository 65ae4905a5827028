"""Every alert has its section in the runbook, and every rule speaks of figures that there are."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from api.app import make_app
from rcm.clock import system_clock
from rcm.db import UnitOfWork
from rcm.reading import alerts
from rcm.reading.metrics import Metric, metrics
from rcm.settings import Settings

ROOT = Path(__file__).parents[1]
RUNBOOK = (ROOT / "docs" / "runbook.md").read_text(encoding="utf-8")
OPERATIONS = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
SECTIONS = dict(re.findall(r"^## (\w+)\n\n(.*?)(?=\n## |\Z)", RUNBOOK, re.MULTILINE | re.DOTALL))
(GROUP,) = yaml.safe_load((ROOT / "deploy" / "alerts.yml").read_text(encoding="utf-8"))["groups"]
RULES: list[dict[str, Any]] = GROUP["rules"]
PARTS = ["Means", "Safe", "Affected", "Do"]


def codes_of_the_dashboard() -> Iterator[str]:
    """Yield every code that rcm/reading/alerts.py gives an alert."""
    for node in ast.walk(ast.parse(Path(alerts.__file__).read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Alert":
            for given in node.keywords:
                if given.arg == "code" and isinstance(given.value, ast.Constant):
                    yield str(given.value.value)
    for code, *_ in alerts._STUCK.values():
        yield code


@pytest.fixture
def told(unit_of_work: UnitOfWork) -> dict[str, Metric]:
    with unit_of_work() as session:
        found = list(metrics(session, now=system_clock(), version="0"))
    return {each.name: each for each in found}


def test_the_runbook_has_each_alert_and_no_other() -> None:
    codes = set(codes_of_the_dashboard())
    assert len(codes) == 10
    assert set(SECTIONS) == codes | {rule["labels"]["code"] for rule in RULES}


@pytest.mark.parametrize("code", SECTIONS)
def test_a_section_says_what_is_safe_who_is_affected_and_what_to_do(code: str) -> None:
    assert re.findall(r"^- \*\*(\w+)\*\*: ", SECTIONS[code], re.MULTILINE) == PARTS
    for other in re.findall(r"\bsee (\w+_\w+)(?: and (\w+_\w+))?", SECTIONS[code]):
        assert set(filter(None, other)) <= set(SECTIONS)


def test_the_runbook_asks_for_operations_that_there_are() -> None:
    settings = Settings.model_construct()
    paths = {
        (method.upper(), re.sub(r"\{\w+\}", "{id}", path.removeprefix("/api/v1/")))
        for path, methods in make_app(settings).openapi()["paths"].items()
        for method in methods
    }
    asked = {
        (method, re.sub(r"\{\w+\}", "{id}", path))
        for method, path in re.findall(r"`(GET|POST) ([\w/{}-]+)`", RUNBOOK)
    }
    assert len(asked) > 10
    assert asked <= paths


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["alert"])
def test_a_rule_speaks_of_figures_that_there_are(
    rule: dict[str, Any], told: dict[str, Metric]
) -> None:
    code = rule["labels"]["code"]
    assert rule["alert"] == "Rcm" + code.title().replace("_", "")
    assert rule["labels"]["severity"] in ("error", "warning")
    assert rule["annotations"]["runbook"] == f"docs/runbook.md#{code}"
    named = re.findall(r"(rcm_\w+)(?:\{(.*?)\})?", rule["expr"])
    assert named
    for name, matchers in named:
        labels = re.findall(r"(\w+)=~?\"", matchers)
        assert set(labels) <= set(told[name].labels), name
    shown = re.findall(r"\$labels\.(\w+)", rule["annotations"]["summary"])
    assert set(shown) <= set(told[named[0][0]].labels)


def test_every_figure_is_explained_and_no_other(told: dict[str, Metric]) -> None:
    table = OPERATIONS.partition("## Watching it")[2].partition("\n## ")[0]
    explained = re.findall(r"`(rcm_\w+)(?:\{([\w,]*)\})?`", table)
    assert {name: tuple(filter(None, labels.split(","))) for name, labels in explained} == {
        name: each.labels for name, each in told.items()
    }
