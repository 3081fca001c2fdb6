"""What the check-* scripts share: finding files, looking past comments and strings, reporting.

A check collects findings and ends with `finish`: exit 0 if it looked at something and found nothing, 1 otherwise. A check
that is given nothing to look at has failed: an empty list of files is how a rule silently stops holding.
"""
import argparse
import pathlib
import re
import sys

TOP = pathlib.Path(__file__).resolve().parents[1]


def arguments(doc, **extra):
    """The command line all checks have: --root, another tree than this one (scripts/check-selftest uses it)."""
    parser = argparse.ArgumentParser(description=doc, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--root", type=pathlib.Path, default=TOP)
    for name, options in extra.items():
        parser.add_argument(name.replace("_", "-") if name.startswith("--") else name, **options)
    return parser.parse_args()


class Findings:
    """What a check has looked at, and what it found."""

    def __init__(self, root):
        self.root = root
        self.looked_at = 0
        self.found = []

    def files(self, folder, *patterns):
        """The files below a folder of the tree, sorted; each counts as looked at."""
        below = self.root / folder
        files = sorted({f for pattern in patterns for f in below.rglob(pattern) if f.is_file() and "__pycache__" not in f.parts})
        self.looked_at += len(files)
        return files

    def add(self, file, line, what):
        where = file.relative_to(self.root) if file.is_relative_to(self.root) else file
        self.found.append(f"{where}:{line}: {what}" if line else f"{where}: {what}")

    def finish(self, of_what, at_least=1):
        for finding in self.found:
            print(finding)
        if self.looked_at < at_least:
            sys.exit(f"nothing to check: {self.looked_at} {of_what}, expected {at_least} or more")
        print(f"{self.looked_at} {of_what}, {len(self.found)} findings")
        sys.exit(1 if self.found else 0)


_TOKENS = re.compile(
    r"""//[^\n]*                         # comments
      | /\*.*?\*/
      | R"(?P<tag>[^(\s]*)\(.*?\)(?P=tag)"   # raw strings
      | "(?:\\.|[^"\\\n])*"
      | (?<![0-9a-fA-F])'(?:\\.|[^'\\\n])+'  # characters, but not the separators of 1'000
    """,
    re.VERBOSE | re.DOTALL,
)


def code_only(text):
    """C++ text with comments and the insides of literals blanked out, lines kept."""

    def blank(match):
        kept = "".join(c if c == "\n" else " " for c in match.group())
        return '""' + kept[2:] if match.group()[0] in "\"R" else kept

    return _TOKENS.sub(blank, text)
