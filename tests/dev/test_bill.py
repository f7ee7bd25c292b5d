"""The bill of materials: every pin of the locks with all its hashes, nothing else; references lead somewhere."""

import json
import re
import tomllib

import pytest

from tests import bill

LOCKS = {name: file.read_text(encoding="utf-8") for name, file in (("run", bill.RUN_LOCK), ("dev", bill.DEV_LOCK))}
PROJECT = tomllib.loads((bill.ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


@pytest.fixture(scope="module")
def made():
    return bill.bill_of_materials(LOCKS["run"], LOCKS["dev"], PROJECT)


def test_every_pin_with_every_hash_and_no_other(made):
    hashes = [
        one["value"] for part in made["components"] for one in part["properties"] if one["name"].endswith("sha256")
    ]
    assert sorted(hashes) == sorted(re.findall(r"sha256:(\w{64})", LOCKS["dev"]))
    pins = re.findall(r"^(\S+)==(\S+)", LOCKS["dev"], re.MULTILINE)
    assert [(one["name"], one["version"]) for one in made["components"]] == pins


def test_what_is_delivered_is_told_from_the_tools(made):
    delivered = {f"{name}=={version}" for name, version in re.findall(r"^(\S+)==(\S+)", LOCKS["run"], re.MULTILINE)}
    required = {f"{one['name']}=={one['version']}" for one in made["components"] if one["scope"] == "required"}
    assert required == delivered
    assert {one["scope"] for one in made["components"]} == {"required", "excluded"}


def test_the_form_is_that_of_the_standard(made):
    """What CycloneDX 1.6 demands of these parts (bom-1.6.schema.json); the whole schema was tried by hand once."""
    assert (made["bomFormat"], made["specVersion"], made["version"]) == ("CycloneDX", "1.6", 1)
    assert re.fullmatch(r"urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", made["serialNumber"])
    for one in made["components"]:
        assert one["type"] == "library"
        assert one["purl"] == one["bom-ref"] == f"pkg:pypi/{one['name']}@{one['version']}"
        for licence in one.get("licenses", ()):
            assert licence.get("expression") or licence["license"]["name"]
    refs = [made["metadata"]["component"]["bom-ref"], *(one["bom-ref"] for one in made["components"])]
    assert len(refs) == len(set(refs))
    assert [one["ref"] for one in made["dependencies"]] == refs
    assert {needed for one in made["dependencies"] for needed in one["dependsOn"]} < set(refs)


def test_everything_delivered_hangs_on_the_program(made):
    needs = {one["ref"]: one["dependsOn"] for one in made["dependencies"]}
    reached, ahead = set(), [made["metadata"]["component"]["bom-ref"]]
    while ahead:
        ref = ahead.pop()
        if ref not in reached:
            reached.add(ref)
            ahead += needs[ref]
    direct = {bill.canonical(re.match(r"[\w.-]+", one)[0]) for one in PROJECT["dependencies"]}
    assert {f"pkg:pypi/{one['name']}@{one['version']}" for one in made["components"] if one["name"] in direct} < reached


def test_the_driver_tells_what_lies_inside_it(made):
    (driver,) = [one for one in made["components"] if one["name"] == "sqlcipher3"]
    inside = {one["name"]: one["version"] for one in driver["components"]}
    assert set(inside) == {"sqlite", "sqlcipher", "openssl"}
    assert all(re.fullmatch(r"\d+(\.\d+)+", version) for version in inside.values())


def test_the_same_locks_give_the_same_text(made, tmp_path, capsys):
    assert bill.main([str(tmp_path / "bom.json")]) == 0
    assert "packages of the program" in capsys.readouterr().out
    assert json.loads((tmp_path / "bom.json").read_text(encoding="utf-8")) == made


def test_a_changed_lock_is_another_bill(made):
    other = bill.bill_of_materials(LOCKS["run"], LOCKS["dev"].replace("--hash=sha256:0", "--hash=sha256:1", 1), PROJECT)
    assert other["serialNumber"] != made["serialNumber"]
    assert other["components"] != made["components"]


def test_what_is_not_installed_has_no_licence_invented():
    pins = bill.pins_of("no-such-package==1.0 ; sys_platform == 'win32' \\\n    --hash=sha256:" + "a" * 64)
    assert pins == [("no-such-package", "1.0", "sys_platform == 'win32'", ["a" * 64])]
    part = bill.bill_of_materials("", f"no-such-package==1.0 \\\n    --hash=sha256:{'a' * 64}", PROJECT)["components"][
        0
    ]
    assert "licenses" not in part
    assert part["scope"] == "excluded"
