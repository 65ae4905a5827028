"""Fetch the pinned browser libraries of npm; write them, their licences and their digests.

    python3 scripts/vendor.py     (needs npm)

Nothing is built: each file is its package's own module, with the bare names of other packages in
its imports replaced by paths, since import maps are inline scripts, which our policy forbids.
"""

import hashlib
import re
import subprocess
import tarfile
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent
SHIPPED = ROOT / "api/dashboard/static/vendor"
TESTING = ROOT / "tests/browser/vendor"
#: Package, version, file within it, name here, folder.
FILES = (
    ("preact", "11.2.0", "dist/preact.mjs", "preact.js", SHIPPED),
    ("preact", "11.2.0", "hooks/dist/hooks.mjs", "preact-hooks.js", SHIPPED),
    ("htm", "3.1.1", "dist/htm.module.js", "htm.js", SHIPPED),
    ("@preact/signals-core", "1.14.5", "dist/signals-core.module.js", "signals-core.js", SHIPPED),
    ("@preact/signals", "2.11.4", "dist/signals.module.js", "signals.js", SHIPPED),
    ("axe-core", "4.14.1", "axe.min.js", "axe.min.js", TESTING),
)
NAMES = {
    "preact/hooks": "./preact-hooks.js",
    "preact": "./preact.js",
    "@preact/signals-core": "./signals-core.js",
}


def fetch(package: str, version: str, folder: Path) -> Path:
    """Return the unpacked folder of a package."""
    place = folder / f"{package.replace('/', '-')}-{version}"
    if not place.exists():
        packed = subprocess.run(
            ["npm", "pack", "--silent", f"{package}@{version}"],
            cwd=folder,
            check=True,
            capture_output=True,
            text=True,
        ).stdout.strip()
        with tarfile.open(folder / packed) as archive:
            archive.extractall(place, filter="data")
    return place / "package"


def rewrite(text: str) -> str:
    """Return a module with paths for the packages it imports, and no map."""
    for name, path in NAMES.items():
        text = re.sub(rf'(\bfrom\s*)"{re.escape(name)}"', rf'\1"{path}"', text)
    return re.sub(r"\n?//# sourceMappingURL=\S+\s*$", "\n", text)


def main() -> None:
    """Write everything anew."""
    sums: dict[Path, list[str]] = {SHIPPED: [], TESTING: []}
    with tempfile.TemporaryDirectory() as temporary:
        for package, version, source, name, folder in FILES:
            unpacked = fetch(package, version, Path(temporary))
            folder.mkdir(parents=True, exist_ok=True)
            text = rewrite((unpacked / source).read_text(encoding="utf-8"))
            (folder / name).write_text(text, encoding="utf-8")
            licence = f"LICENSE.{package.lstrip('@').replace('/', '-')}"
            (folder / licence).write_bytes((unpacked / "LICENSE").read_bytes())
            digest = hashlib.sha256(text.encode()).hexdigest()
            sums[folder].append(f"{digest}  {name}  {package}@{version}")
    for folder, lines in sums.items():
        (folder / "SHA256SUMS").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
