"""The alert rules as Prometheus itself evaluates them: each fires when it should, and only then.

The cases are in `deploy/alerts_test.yml`, where whoever changes a limit runs them as well.
"""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from rcm.chains.model import Chain
from rcm.db import UnitOfWork
from rcm.jobs import QUEUES
from rcm.reading.metrics import metrics
from rcm.tools import Tools

DEPLOY = Path(__file__).parents[1] / "deploy"
RULES = yaml.safe_load((DEPLOY / "alerts.yml").read_text(encoding="utf-8"))
CASES = yaml.safe_load((DEPLOY / "alerts_test.yml").read_text(encoding="utf-8"))
ALERTS = [rule["alert"] for group in RULES["groups"] for rule in group["rules"]]
PROMTOOL = shutil.which("promtool")
#: What each label may say, where that is ours to say.
VALUES: dict[str, set[str]] = {
    "queue": set(QUEUES),
    "chain": set(map(str, Chain)),
    "direction": {"inbound", "outbound"},
    "reason": {"ARCHIVE", "READ"},
}

needs_promtool = pytest.mark.skipif(
    PROMTOOL is None and "CI" not in os.environ,  # Where it is missing, only CI insists.
    reason="promtool is not here: Debian's package prometheus brings it (.ci/run installs it)",
)


def promtool(*arguments: str) -> subprocess.CompletedProcess[str]:
    assert PROMTOOL is not None
    return subprocess.run(
        [PROMTOOL, *arguments],
        cwd=DEPLOY,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=60,
        check=False,
    )


@needs_promtool
def test_each_rule_fires_when_it_should_and_only_then() -> None:
    told = promtool("test", "rules", "alerts_test.yml")
    assert told.returncode == 0, told.stdout


def broken(folder: Path, alert: str, expr: str) -> Path:
    """The cases of one alert, with a rule that never fires, or always."""
    folder.mkdir(parents=True)
    groups = [
        group
        | {
            "rules": [
                rule | {"expr": expr, "for": "0s"} if rule["alert"] == alert else rule
                for rule in group["rules"]
            ]
        }
        for group in RULES["groups"]
    ]
    (folder / "alerts.yml").write_text(yaml.safe_dump({"groups": groups}), encoding="utf-8")
    cases = [
        case | {"alert_rule_test": asked}
        for case in CASES["tests"]
        if (asked := [each for each in case["alert_rule_test"] if each["alertname"] == alert])
    ]
    file = folder / "alerts_test.yml"
    file.write_text(yaml.safe_dump(CASES | {"tests": cases}), encoding="utf-8")
    return file


@needs_promtool
def test_a_rule_that_always_or_never_fires_is_found(tmp_path: Path) -> None:
    files = {
        str(broken(tmp_path / alert / name, alert, expr)): alert
        for alert in ALERTS
        for name, expr in {"always": "absent(rcm_nothing)", "never": "rcm_nothing"}.items()
    }
    told = promtool("test", "rules", *files)
    assert told.returncode == 1
    sections = told.stdout.split("Unit Testing:  ")
    found = {each.partition("\n")[0]: each for each in sections}
    for file, alert in files.items():
        assert "FAILED" in found[file], file
        assert f"alertname: {alert}," in found[file]


def test_the_cases_speak_of_figures_as_the_service_tells_them(
    unit_of_work: UnitOfWork, tools: Tools
) -> None:
    with unit_of_work() as session:
        labels = {
            each.name: set(each.labels) for each in metrics(session, now=tools.clock(), version="0")
        }
    series = [each["series"] for case in CASES["tests"] for each in case["input_series"]]
    assert len(series) > len(ALERTS)
    for each in series:
        name, _, inner = each.removesuffix("}").partition("{")
        said = dict(re.findall(r'(\w+)="([^"]*)"', inner))
        assert said.keys() == labels[name] | {"instance"}, each
        for label, value in said.items():
            assert value in VALUES.get(label, {value}), each
