"""Checks every line of standard input against a JSON schema: json_schema.py SCHEMA"""
import json
import sys
import jsonschema

with open(sys.argv[1], encoding="utf-8") as file:
    schema = json.load(file)
jsonschema.Draft202012Validator.check_schema(schema)
validator = jsonschema.Draft202012Validator(schema)
broken = 0
for line in sys.stdin:
    for error in validator.iter_errors(json.loads(line)):
        broken += 1
        print(f"{error.message[:300]} at {list(error.absolute_path)} in {line[:200]}")
sys.exit(1 if broken else 0)
