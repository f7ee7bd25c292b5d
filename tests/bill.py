"""`dev.py bom`: the bill of materials in CycloneDX 1.6 (JSON), made from the two lock files and what is installed.

The lock files say what is delivered, by version and hash; the installed packages say their licences, what each needs,
and which SQLite, SQLCipher and OpenSSL lie inside the database driver. The same locks give the same text.
"""

import importlib.metadata
import json
import re
import sys
import tomllib
import uuid
from pathlib import Path

from packaging.requirements import InvalidRequirement, Requirement

from tests.architecture.imports import ROOT

RUN_LOCK, DEV_LOCK = ROOT / "requirements.lock", ROOT / "requirements-dev.lock"
_PIN = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)(?:\s*;\s*([^\\]+?))?\s*\\?$")
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")


def pins_of(text):
    """The packages of a lock file: name, version, marker, hashes."""
    found = []
    for line in text.splitlines():
        if pin := _PIN.match(line):
            found.append((canonical(pin[1]), pin[2], pin[3] or "", []))
        elif found:
            found[-1][3].extend(_HASH.findall(line))
    return found


def canonical(name):
    """A package's name as registries compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def bill_of_materials(run_lock, dev_lock, project):
    """The bill as a JSON value. What only the developers' lock holds is no part of the program: scope "excluded"."""
    delivered = {pin[:2] for pin in pins_of(run_lock)}
    pins = pins_of(dev_lock)
    root = f"pkg:pypi/{canonical(project['name'])}@{project['version']}"
    components = [_component(pin, "required" if pin[:2] in delivered else "excluded") for pin in pins]
    known = {}
    for name, version, *_ in pins:
        known.setdefault(name, []).append(_purl(name, version))
    needs = [_needs(root, project["dependencies"], known)]
    needs += [_needs(_purl(name, version), _required_by(name, version), known) for name, version, *_ in pins]
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_OID, root + run_lock + dev_lock)}",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": root,
                "name": project["name"],
                "version": project["version"],
                "licenses": [{"license": {"id": project["license"]}}],
                "purl": root,
            }
        },
        "components": components,
        "dependencies": needs,
    }


def _purl(name, version):
    return f"pkg:pypi/{name}@{version}"


def _component(pin, scope):
    name, version, marker, hashes = pin
    purl = _purl(name, version)
    found = {"type": "library", "bom-ref": purl, "name": name, "version": version, "scope": scope, "purl": purl}
    # Every file of the version, for every system: which one was installed, the installer's own check decides.
    found["properties"] = [{"name": "regimap:sha256", "value": one} for one in sorted(hashes)]
    if marker:
        found["properties"].append({"name": "regimap:only-where", "value": marker})
    if licence := _licence(name, version):
        found["licenses"] = [licence]
    if name == "sqlcipher3":
        found["components"] = _inside_the_driver()
    return found


def _metadata(name, version):
    """What the installed package says of itself; nothing where another version is installed or none."""
    try:
        metadata = importlib.metadata.metadata(name)
    except importlib.metadata.PackageNotFoundError:
        return None
    return metadata if metadata["Version"] == version else None


def _licence(name, version):
    metadata = _metadata(name, version)
    if metadata is None:
        return None
    if expression := metadata.get("License-Expression"):
        return {"expression": expression}
    named = [one.rpartition("::")[2].strip() for one in metadata.get_all("Classifier", []) if one.startswith("License")]
    told = (metadata.get("License") or "").strip().splitlines()
    words = next((one for one in (*named, *told[:1]) if one and one != "OSI Approved"), "")
    return {"license": {"name": words}} if words else None


def _required_by(name, version):
    return [] if _metadata(name, version) is None else importlib.metadata.requires(name) or []


def _needs(ref, requirements, known):
    found = set()
    for text in requirements:
        try:
            one = Requirement(text)
        except InvalidRequirement:
            continue
        if not (one.marker and "extra" in str(one.marker)):
            found |= set(known.get(canonical(one.name), ()))
    return {"ref": ref, "dependsOn": sorted(found - {ref})}


def _inside_the_driver():
    """The C libraries that the database driver brings along, as they name themselves."""
    from sqlcipher3 import dbapi2

    connection = dbapi2.connect(":memory:")
    connection.execute("PRAGMA key = 'x'")
    says = {
        name: connection.execute(f"PRAGMA {name}").fetchone() for name in ("cipher_version", "cipher_provider_version")
    }
    connection.close()
    versions = {"sqlite": dbapi2.sqlite_version, "sqlcipher": _number(says["cipher_version"])}
    versions["openssl"] = _number(says["cipher_provider_version"])
    return [
        {"type": "library", "bom-ref": f"sqlcipher3/{name}", "name": name, "version": version, "scope": "required"}
        for name, version in versions.items()
    ]


def _number(row):
    match = re.search(r"\d+(?:\.\d+)+", row[0] if row else "")
    return match[0] if match else "unknown"


def main(arguments):
    """Write the bill to the named file, or to bom.json."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    bill = bill_of_materials(RUN_LOCK.read_text(encoding="utf-8"), DEV_LOCK.read_text(encoding="utf-8"), project)
    target = Path(arguments[0]) if arguments else ROOT / "bom.json"
    target.write_text(json.dumps(bill, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    delivered = sum(one["scope"] == "required" for one in bill["components"])
    print(f"wrote {target}: {delivered} packages of the program, {len(bill['components']) - delivered} of its tools")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
