#!/usr/bin/env python3
"""Compiles data/reading/act_features.tsv, act_weights.tsv and act_corrections.tsv into C headers.

usage: act_weights.py FEATURES.tsv WEIGHTS.tsv CORRECTIONS.tsv FEATURES.h WEIGHTS.h
A weight stands for a feature, or for two that hold together. A correction is added to that of a feature in one language.
"""
import hashlib, sys

features_file, weights_file, corrections_file, features_out, weights_out = sys.argv[1:]


def rows(path, columns):
    with open(path, encoding='utf-8') as f:
        for number, line in enumerate(f, 1):
            line = line.rstrip('\n')
            if not line or line.startswith('#'):
                continue
            cells = line.split('\t')
            if cells == columns:
                continue
            if len(cells) != len(columns):
                sys.exit(f'{path}:{number}: expected {len(columns)} cells, not {len(cells)}')
            yield number, cells


names = [cells[0] for _, cells in rows(features_file, ['feature', 'meaning'])]
if len(names) > 128:
    sys.exit(f'{features_file}: more than 128 features')
at = {name: i for i, name in enumerate(names)}
weights = []
for number, (feature, beside, weight) in rows(weights_file, ['feature', 'beside', 'weight']):
    for name in (feature, beside or feature):
        if name not in at:
            sys.exit(f'{weights_file}:{number}: no feature is called "{name}"')
    weights.append((at[feature], at[beside or feature], float(weight)))
corrections = {}
for number, (language, feature, weight) in rows(corrections_file, ['language', 'feature', 'weight']):
    if feature not in at:
        sys.exit(f'{corrections_file}:{number}: no feature is called "{feature}"')
    corrections.setdefault(language, []).append((at[feature], float(weight)))
version = hashlib.sha256(b''.join(open(path, 'rb').read() for path in (features_file, weights_file, corrections_file))).hexdigest()[:16]
MADE = '/* Made by tools/act_weights.py from data/reading; do not edit. */\n'
with open(features_out, 'w', encoding='utf-8') as f:
    f.write(MADE + 'enum act_feature {\n')
    f.writelines(f'    ACT_{name.upper().replace("-", "_")},\n' for name in names)
    f.write('    ACT_FEATURES\n};\n')
with open(weights_out, 'w', encoding='utf-8') as f:
    f.write(MADE + f'static const char act_weights_version[] = "{version}";\n')
    f.write('static const char *const act_feature_names[] = {\n')
    f.writelines(f'    "{name}",\n' for name in names)
    f.write('};\nstatic const struct act_weight {\n    unsigned char feature, beside;\n    float weight;\n} act_weights[] = {\n')
    f.writelines(f'    {{{a}, {b}, {float(w)!r}F}},\n' for a, b, w in weights)
    f.write('};\nstatic const struct act_correction {\n    const char *language;\n    float weight[ACT_FEATURES];\n} act_corrections[] = {\n')
    for language, told in sorted(corrections.items()):
        f.write(f'    {{"{language}", {{' + ', '.join(f'[{a}] = {w!r}F' for a, w in told) + '}},\n')
    f.write('    {"", {0}},\n};\n')
