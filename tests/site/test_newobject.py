"""`guantong newobject`: four files that fit together, or none."""

from __future__ import annotations

import ast
import tomllib
from pathlib import Path

import pytest

from guantong.site.faults import Stop
from guantong.site.newobject import plural_of, write


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    room = tmp_path / "src" / "guantong" / "modules" / "service"
    room.mkdir(parents=True)
    (room / "__init__.py").write_text('"""Service."""\n')
    return tmp_path


def test_it_writes_what_an_object_needs(tree: Path) -> None:
    write(module="service", name="site_visit", root=tree)
    write(module="service", name="warranty", root=tree)
    room = tree / "src" / "guantong" / "modules" / "service"
    assert 'plural = "warranties"' in (room / "warranty.py").read_text()
    lines = (room / "models.py").read_text()
    assert "service.site_visit import SiteVisit" in lines and '__all__ = ["SiteVisit", "Warranty"]' in lines
    labels = tomllib.loads((room / "labels.toml").read_text())
    assert labels["warranty.close"] == ["关闭", "Close"] and "site_visit" in labels
    for path in [*room.glob("*.py"), *(tree / "tests" / "stories").glob("*.py")]:
        ast.parse(path.read_text())


@pytest.mark.parametrize(
    ("module", "name"), [("service", "Class"), ("service", "class"), ("nowhere", "thing")]
)
def test_a_bad_name_writes_nothing(tree: Path, module: str, name: str) -> None:
    before = sorted(tree.rglob("*"))
    with pytest.raises(Stop):
        write(module=module, name=name, root=tree)
    assert sorted(tree.rglob("*")) == before


def test_a_taken_name_is_refused(tree: Path) -> None:
    write(module="service", name="warranty", root=tree)
    with pytest.raises(Stop, match="exists already"):
        write(module="service", name="warranty", root=tree)


def test_plurals() -> None:
    assert [plural_of(name) for name in ("survey", "category", "box", "tax_class")] == [
        "surveys",
        "categories",
        "boxes",
        "tax_classes",
    ]
