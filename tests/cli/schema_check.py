"""A JSON Schema validator for the keywords that src/schema uses, and stricter than a schema can be: a field that
the schema does not name is an error, since a misspelt optional field would otherwise pass."""
import re

TYPES = {
    'object': lambda v: isinstance(v, dict),
    'array': lambda v: isinstance(v, list),
    'string': lambda v: isinstance(v, str),
    'boolean': lambda v: isinstance(v, bool),
    'integer': lambda v: isinstance(v, int) and not isinstance(v, bool),
    'number': lambda v: isinstance(v, (int, float)) and not isinstance(v, bool),
    'null': lambda v: v is None,
}
KNOWN = {'$schema', '$id', '$defs', '$ref', 'title', 'description', 'type', 'enum', 'const', 'anyOf', 'pattern',
         'minimum', 'maximum', 'items', 'minItems', 'properties', 'required'}


def as_list(value):
    return value if isinstance(value, list) else [value]


def faults(value, schema, root=None, path='$'):
    """What is wrong with a value, as lines of text; [] where nothing is."""
    root = root or schema
    unknown = set(schema) - KNOWN
    if unknown:
        return [f'{path}: the schema uses {sorted(unknown)}, which this validator does not know']
    found = []
    if '$ref' in schema:
        found += faults(value, root['$defs'][schema['$ref'].removeprefix('#/$defs/')], root, path)
    if 'anyOf' in schema:
        tries = [faults(value, s, root, path) for s in schema['anyOf']]
        if all(tries):
            found += min(tries[:1] or tries, key=len)
    if 'type' in schema and not any(TYPES[t](value) for t in as_list(schema['type'])):
        return found + [f'{path}: {value!r:.60} is not of type {schema["type"]}']
    if 'enum' in schema and value not in schema['enum']:
        found.append(f'{path}: {value!r:.60} is none of {schema["enum"]}')
    if 'const' in schema and value != schema['const']:
        found.append(f'{path}: {value!r:.60} is not {schema["const"]!r}')
    if isinstance(value, str) and not re.search(schema.get('pattern', ''), value):
        found.append(f'{path}: {value!r:.60} does not match {schema["pattern"]}')
    if TYPES['number'](value):
        if value < schema.get('minimum', value) or value > schema.get('maximum', value):
            found.append(f'{path}: {value} is out of bounds')
    if isinstance(value, list):
        if len(value) < schema.get('minItems', 0):
            found.append(f'{path}: fewer than {schema["minItems"]} items')
        for i, item in enumerate(value):
            found += faults(item, schema.get('items', {}), root, f'{path}[{i}]')
    if isinstance(value, dict) and 'properties' in schema:
        named = schema['properties']
        found += [f'{path}: {name} is missing' for name in schema.get('required', []) if name not in value]
        found += [f'{path}: {name} is not in the schema' for name in value if name not in named]
        for name, item in value.items():
            if name in named:
                found += faults(item, named[name], root, f'{path}.{name}')
    return found
