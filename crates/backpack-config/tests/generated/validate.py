"""Checks that the cases beside this file are valid by the schema, or not, as they say. `cargo xtask test` runs it."""

import json
import pathlib

import fastjsonschema

here = pathlib.Path(__file__).resolve().parent
validate = fastjsonschema.compile(json.loads((here / "schema.json").read_text()))
for file, is_right in json.loads((here / "schema_cases.json").read_text()):
    try:
        validate(file)
        is_valid = True
    except fastjsonschema.JsonSchemaValueException:
        is_valid = False
    assert is_valid == is_right, f"{file}: {is_valid}"
