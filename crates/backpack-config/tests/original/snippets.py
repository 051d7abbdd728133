"""What the Python toolkit panorama-backpack 0.3.2 makes of the example in its documentation.

`snippets.py FOLDER` writes it into the folder. `cargo xtask test` runs this in an environment with the toolkit and Jinja, and the tests of the
crate compare what came out with the files beside this one, and these with what the crate makes of the same parameters.
"""

import io
import json
import pathlib
import sys
from contextlib import redirect_stdout
from dataclasses import dataclass, field
from typing import List

from backpack.config import ConfigBase, IntegerListSerDe, cli


def parameter(default, doc, **more):
    return field(default=default, metadata={"doc": doc, **more})


@dataclass
class Embedded(ConfigBase):
    embedded_param: int = parameter(84, "An integer in a struct inside.")


@dataclass
class Example(ConfigBase):
    example_string_param: str = parameter("default_value", "A string.")
    example_int_param: int = parameter(42, "An integer.")
    example_float_param: float = parameter(0.85, "A float.")
    # The documentation has it as a string, with a truth value as its default.
    example_bool_param: str = parameter(True, "A truth value.")
    example_integer_list_param: List[int] = parameter(
        (1, 2, 3, 5, 8, 13), "Integers,\nseparated by commas.", type="string", serde=IntegerListSerDe
    )
    # Newer Pythons want a factory where the documentation has a value.
    child_struct: Embedded = field(default_factory=Embedded)


def snippet(*arguments):
    """What the toolkit's command line tool prints."""
    sys.argv = ["snippets", *arguments]
    with redirect_stdout(io.StringIO()) as output:
        cli("example", Example())
    return output.getvalue()


here = pathlib.Path(__file__).resolve().parent
folder = pathlib.Path(sys.argv[1])
folder.mkdir(parents=True, exist_ok=True)
code_node = ["--code-node", "example_code"]
outputs = {
    "nodes.json": snippet("nodes"),
    "edges.json": snippet("edges", *code_node),
    "interface.json": snippet("interface"),
    "markdown.md": snippet("markdown"),
}
for name in ["graph.json", "package.json", "parameters.md"]:
    outputs[name] = snippet("render", *code_node, "--template", str(here / f"{name}.jinja"))
    if name.endswith(".json"):
        json.loads(outputs[name])
for name, output in outputs.items():
    (folder / name).write_text(output, encoding="utf-8")
