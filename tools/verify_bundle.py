#!/usr/bin/env python3
"""Checks an evidence bundle of isnad (docs/bundle.md): one file, the standard library of Python 3.8 or newer, no
network, and nothing of the program that made it.

    python3 verify_bundle.py FILE.wacz [--key HEX] [--against HEADS.jsonl]

--key      the public key that must have signed, as you know it from elsewhere: without it you learn only that one and
           the same key signed everything, not whose it is
--against  signed heads that you kept: the bundle must show that the log only grew since each of them

Prints what holds, or a line for each fault: where it is, what was expected, what was found. Exit status 0: all holds;
1: it does not; 2: this is no bundle, or it cannot be read."""
import argparse
import hashlib
import json
import re
import signal
import struct
import sys
import zipfile
import zlib

LARGEST = 4 << 30


class Fault(Exception):
    """What ends the check of one thing."""


def sha256(data):
    return hashlib.sha256(data).hexdigest()


# ---- Ed25519 (RFC 8032, 5.1), for checking only ----

P = 2 ** 255 - 19
L = 2 ** 252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P


def ed_add(a, b):
    m, n = (a[1] - a[0]) * (b[1] - b[0]) % P, (a[1] + a[0]) * (b[1] + b[0]) % P
    c, d = 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P
    e, f, g, h = n - m, d - c, d + c, n + m
    return e * f % P, g * h % P, f * g % P, e * h % P


def ed_times(n, point):
    out = (0, 1, 1, 0)
    while n:
        if n & 1:
            out = ed_add(out, point)
        point = ed_add(point, point)
        n >>= 1
    return out


def ed_x(y, sign):
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    if (x * x - square) % P or (x == 0 and sign):
        return None
    return P - x if x & 1 != sign else x


def ed_point(data):
    number = int.from_bytes(data, 'little')
    y = number & ((1 << 255) - 1)
    x = ed_x(y, number >> 255)
    return None if x is None else (x, y, 1, x * y % P)


BASE_Y = 4 * pow(5, P - 2, P) % P
BASE = (ed_x(BASE_Y, 0), BASE_Y, 1, ed_x(BASE_Y, 0) * BASE_Y % P)


def ed_verify(key, message, signature):
    if len(key) != 32 or len(signature) != 64:
        return False
    a, r, s = ed_point(key), ed_point(signature[:32]), int.from_bytes(signature[32:], 'little')
    if a is None or r is None or s >= L:
        return False
    h = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), 'little') % L
    left, right = ed_times(s, BASE), ed_add(r, ed_times(h, a))
    return (left[0] * right[2] - right[0] * left[2]) % P == 0 and (left[1] * right[2] - right[1] * left[2]) % P == 0


# ---- the tree (RFC 6962; its checks as RFC 9162, 2.1.3.2 and 2.1.4.2) ----

def leaf_of(entry):
    return hashlib.sha256(b'\0' + entry).digest()


def node_of(left, right):
    return hashlib.sha256(b'\1' + left + right).digest()


def root_by_path(leaf, position, size, path):
    """The root that a path leads to; None where it has the wrong length."""
    at, last = position, size - 1
    for step in path:
        if not last:
            return None
        if at & 1 or at == last:
            leaf = node_of(step, leaf)
            while at and not at & 1:
                at, last = at >> 1, last >> 1
        else:
            leaf = node_of(leaf, step)
        at, last = at >> 1, last >> 1
    return None if last else leaf


def grew(old, old_root, new, new_root, path):
    if not 0 < old <= new or old == new:
        return old == new and not path and old_root == new_root
    path = list(path)
    if old & (old - 1) == 0:
        path.insert(0, old_root)
    if not path:
        return False
    at, last = old - 1, new - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    first = second = path[0]
    for step in path[1:]:
        if not last:
            return False
        if at & 1 or at == last:
            first, second = node_of(step, first), node_of(step, second)
            while at and not at & 1:
                at, last = at >> 1, last >> 1
        else:
            second = node_of(second, step)
        at, last = at >> 1, last >> 1
    return not last and first == old_root and second == new_root


# ---- reading what a stranger wrote ----

def hexed(value, count, what):
    if not isinstance(value, str) or not re.fullmatch('[0-9a-f]{%d}' % (2 * count), value):
        raise Fault(f'{what}: expected {2 * count} hexadecimal digits, found {value!r:.80}')
    return bytes.fromhex(value)


def field(record, name, kinds, what):
    value = record.get(name) if isinstance(record, dict) else None
    if not isinstance(value, kinds) or isinstance(value, bool) and bool not in (kinds if isinstance(kinds, tuple) else (kinds,)):
        raise Fault(f'{what}: "{name}" is missing or of the wrong kind: {value!r:.80}')
    return value


def escaped(text):
    return (text or '').replace('\\', '\\\\').replace('\n', '\\n')


def line_of(*parts):
    return ''.join(f'{part}\n' for part in parts).encode()


class Bundle:
    def __init__(self, path, key, kept):
        self.path, self.key, self.kept = path, key, kept
        self.faults, self.files, self.done = [], {}, {}

    def fault(self, text):
        self.faults.append(text)

    def guarded(self, what, check, *arguments):
        """One thing after another: what is wrong with one hides no other."""
        try:
            return check(*arguments)
        except Fault as fault:
            self.fault(str(fault))
        except (KeyError, TypeError, ValueError, AttributeError, IndexError, RecursionError) as error:
            self.fault(f'{what}: it has not the form it should have ({type(error).__name__}: {error})')
        return None

    def json(self, name):
        if name not in self.files:
            raise Fault(f'{name}: it is missing')
        try:
            return json.loads(self.files[name].decode('utf-8'))
        except ValueError as error:
            raise Fault(f'{name}: no JSON: {error}') from error

    # ---- the archive and its list ----

    def read(self):
        with zipfile.ZipFile(self.path) as archive:
            for member in archive.infolist():
                if member.filename in self.files:
                    self.fault(f'{member.filename}: it is there twice')
                if member.file_size > LARGEST:
                    raise Fault(f'{member.filename}: larger than 4 GiB')
                try:
                    self.files[member.filename] = archive.read(member)
                except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
                    self.fault(f'{member.filename}: it cannot be unpacked: {error}')
                    self.files[member.filename] = b''

    def check_container(self):
        """The archive's own fields hold no content, but nothing may be hidden in them either."""
        with open(self.path, 'rb') as file:
            found = file.read()
        body, directory = b'', b''
        for name, data in self.files.items():
            fields = struct.pack('<HHHHHIIIHH', 20, 0x800, 0, 0, 0x21, zlib.crc32(data), len(data), len(data),
                                 len(name.encode()), 0)
            directory += b'PK\1\2' + struct.pack('<H', 20) + fields + struct.pack('<HHHII', 0, 0, 0, 0, len(body)) + name.encode()
            body += b'PK\3\4' + fields + name.encode() + data
        want = body + directory + b'PK\5\6' + struct.pack('<HHHHIIH', 0, 0, len(self.files), len(self.files), len(directory),
                                                          len(body), 0)
        if want != found:
            at = next((n for n, (a, b) in enumerate(zip(want, found)) if a != b), min(len(want), len(found)))
            raise Fault(f'byte {at} of the file: not as a bundle is written (a member\'s content, or what stands between)')

    def check_package(self):
        digest = self.json('datapackage-digest.json')
        if digest.get('hash') != 'sha256:' + sha256(self.files.get('datapackage.json', b'')):
            self.fault('datapackage.json: it is not what datapackage-digest.json has the hash of')
        listed = set()
        for resource in field(self.json('datapackage.json'), 'resources', list, 'datapackage.json'):
            path = field(resource, 'path', str, 'datapackage.json')
            listed.add(path)
            if path not in self.files:
                self.fault(f'{path}: it is missing')
            elif resource.get('hash') != 'sha256:' + sha256(self.files[path]) or resource.get('bytes') != len(self.files[path]):
                self.fault(f'{path}: it is not what datapackage.json lists: expected {resource.get("hash")!s:.23}…, '
                           f'found sha256:{sha256(self.files[path]):.16}…')
        for path in sorted(set(self.files) - listed - {'datapackage.json', 'datapackage-digest.json'}):
            self.fault(f'{path}: datapackage.json does not list it')

    # ---- head, keys ----

    def head_text(self, head):
        return line_of('isnad-head/1', head['ledger'], head['size'], head['root'], head['time'], head['key'])

    def check_head(self, head, what):
        for name in ('ledger', 'root', 'time', 'key', 'signature'):
            field(head, name, str, what)
        if field(head, 'size', int, what) < 1 or re.search(r'[^0-9TZ:.+-]', head['time']):
            raise Fault(f'{what}: no size or time of a head')
        hexed(head['ledger'], 16, what), hexed(head['root'], 32, what)
        if not ed_verify(hexed(head['key'], 32, what), self.head_text(head), hexed(head['signature'], 64, what)):
            raise Fault(f'{what}: its signature does not hold: it is forged or damaged')
        return head

    def included(self, record, entry, what):
        self.stands(record, leaf_of(entry), what)

    def stands(self, record, leaf, what):
        position, head = field(record, 'position', int, what), self.head
        path = [hexed(step, 32, f'{what}, path') for step in field(record, 'path', list, what)]
        if not 0 <= position < head['size']:
            raise Fault(f'{what}: leaf {position} is not under the head, which has {head["size"]} leaves')
        if root_by_path(leaf, position, head['size'], path) != bytes.fromhex(head['root']):
            raise Fault(f'{what}: it is not what leaf {position} of the log stands for, or its proof is not of this head')
        if self.done.setdefault(position, what) != what:
            raise Fault(f'{what}: leaf {position} stands for {self.done[position]} already')

    def check_keys(self):
        """Each key is let in by the one before it; the head is signed by the last one under it."""
        before, signer = None, None
        for number, record in enumerate(self.proof['keys'], 1):
            what = f'key {number}'
            key = hexed(field(record, 'key', str, what), 32, what)
            text = line_of('isnad-key/1', self.head['ledger'], record['key'], record.get('previous') or '',
                           field(record, 'time', str, what))
            signature = hexed(field(record, 'signature', str, what), 64, what)
            if record.get('previous') != before:
                raise Fault(f'{what}: it does not follow the key before it')
            if not ed_verify(bytes.fromhex(before) if before else key, text, signature):
                raise Fault(f'{what}: it was not let in by the key before it')
            self.included(record, text + line_of(record['signature']), what)
            before = signer = record['key']
        if signer != self.head['key']:
            raise Fault(f'head: signed by {self.head["key"]:.16}…, but the ledger\'s key is {signer!s:.16}…')
        if self.key and self.key != signer:
            raise Fault(f'head: signed by {signer:.16}…, expected {self.key:.16}…')

    def check_earlier(self):
        self.earlier = {}
        for number, record in enumerate(self.proof['earlier'], 1):
            what = f'earlier head {number}'
            head = self.check_head(field(record, 'head', dict, what), what)
            path = [hexed(step, 32, what) for step in field(record, 'consistency', list, what)]
            if head['ledger'] != self.head['ledger'] or not grew(head['size'], bytes.fromhex(head['root']), self.head['size'],
                                                                 bytes.fromhex(self.head['root']), path):
                raise Fault(f'{what} ({head["size"]} leaves): the log did not grow out of it')
            self.earlier[head['size']] = head['root']

    def check_kept(self, head, what):
        self.check_head(head, what)
        if head['ledger'] != self.head['ledger']:
            raise Fault(f'{what}: it is a head of another ledger')
        if head['size'] > self.head['size']:
            raise Fault(f'{what}: it has {head["size"]} leaves, the bundle\'s head only {self.head["size"]}: the bundle is '
                        'older, or of a log that was cut off')
        root = self.head['root'] if head['size'] == self.head['size'] else self.earlier.get(head['size'])
        if root is None:
            raise Fault(f'{what}: the bundle holds no proof for a log of {head["size"]} leaves; ask for one')
        if root != head['root']:
            raise Fault(f'{what}: the log did not grow out of it: something before it was changed')

    # ---- captures ----

    def records(self):
        """The records of the archive: [(offset, length, headers, block)]."""
        data, at, out = self.files.get('archive/data.warc.gz', b''), 0, []
        while at < len(data):
            member = zlib.decompressobj(16 + zlib.MAX_WBITS)
            try:
                record = member.decompress(data[at:])
            except zlib.error as error:
                raise Fault(f'archive/data.warc.gz: byte {at}: no gzip member: {error}') from error
            if not member.eof:
                raise Fault(f'archive/data.warc.gz: byte {at}: it ends in the middle of a record')
            length = len(data) - at - len(member.unused_data)
            head, mark, rest = record.partition(b'\r\n\r\n')
            lines = head.decode('utf-8', 'replace').split('\r\n')
            headers = {name.lower(): value.strip() for name, _, value in (line.partition(':') for line in lines[1:])}
            size = headers.get('content-length', '')
            if lines[0] != 'WARC/1.1' or not mark or not size.isdigit() or rest[int(size):] != b'\r\n\r\n':
                raise Fault(f'archive/data.warc.gz: byte {at}: no whole WARC/1.1 record')
            out.append((at, length, headers, rest[:int(size)]))
            at += length
        return out

    def check_captures(self):
        found = {}
        for offset, length, headers, block in self.records():
            if headers.get('warc-type') == 'resource':
                uuid = headers.get('warc-record-id', '')
                if uuid in found:
                    self.fault(f'archive/data.warc.gz: byte {offset}: record {uuid} is there twice')
                found[uuid] = (offset, length, headers, block)
        for record in self.proof['captures']:
            self.guarded('a capture', self.check_capture, record, found)
        for uuid in found:
            self.fault(f'archive/data.warc.gz: record {uuid} is of no capture that is proved')

    def check_capture(self, record, found):
        name = field(record, 'id', str, 'a capture')
        what = f'capture {name}'
        if not re.fullmatch('p-[0-9a-f]{32}', name):
            raise Fault(f'{what}: no id of a capture')
        d = name[2:]
        stored = found.pop(f'<urn:uuid:{d[:8]}-{d[8:12]}-{d[12:16]}-{d[16:20]}-{d[20:]}>', None)
        texts = [field(record, key, (str, type(None)), what) for key in ('sha256', 'url', 'time', 'media_type')]
        if name != 'p-' + sha256('\n'.join(text or '' for text in texts[:3]).encode())[:32]:
            raise Fault(f'{what}: its id is not that of its hash, URL and time')
        self.included(record, line_of(*map(escaped, texts)), what)
        if record.get('withdrawn') is not None:
            self.check_withdrawal(record, what)
            if stored:
                raise Fault(f'{what}: it was withdrawn, but its bytes are in the archive')
            return
        for act, payload in self.redactions():
            if payload.get('capture') == name:
                raise Fault(f'{what}: act {act["act"]} withdrew it, but it is not marked so, and its bytes are in the archive')
        if not stored:
            raise Fault(f'{what}: it has no record in archive/data.warc.gz')
        offset, length, headers, block = stored
        if sha256(block) != record['sha256'] or len(block) != record.get('size'):
            raise Fault(f'{what}: the bytes in the archive are others: expected SHA-256 {record["sha256"]:.16}…, found '
                        f'{sha256(block):.16}…')
        if headers.get('warc-payload-digest') != 'sha256:' + record['sha256']:
            raise Fault(f'{what}: its record in the archive tells another hash')
        address = re.sub('[\x00-\x20\x7f]', lambda c: '%%%02X' % ord(c[0]), record['url'] or '') or f'urn:isnad:{name}'
        if headers.get('warc-target-uri') != address:
            raise Fault(f'{what}: its record in the archive tells another address: {headers.get("warc-target-uri")!r:.120}')
        self.stored[(offset, length)] = (what, address, record['sha256'])

    def redactions(self):
        """Acts of redaction with what they say: none that was itself withdrawn, since of such a one only its leaf is sure."""
        for act in self.proof['acts']:
            if act.get('kind') == 'redact' and act.get('withdrawn') is None:
                yield act, json.loads(act['payload'])

    def check_withdrawal(self, record, what):
        for act, payload in self.redactions():
            named = ('capture', 'id') if 'id' in record else ('version', 'version')
            if act.get('act') == record['withdrawn'] and payload.get('document') == record.get('document') and \
                    payload.get(named[0]) == record.get(named[1]):
                self.withdrawn.append(f'{what}: withdrawn by {act["who"]}, {act["time"]}: {payload.get("why")}')
                return
        raise Fault(f'{what}: it is marked as withdrawn, but no act of redaction says so')

    def check_index(self):
        left = dict(self.stored)
        for number, line in enumerate(self.files.get('indexes/index.cdx', b'').decode('utf-8', 'replace').splitlines(), 1):
            what = f'indexes/index.cdx, line {number}'
            entry = json.loads(line.split(' ', 2)[2])
            place = int(entry['offset']), int(entry['length'])
            if place not in left or left[place][1:] != (entry['url'], entry['digest'].replace('sha256:', '')):
                raise Fault(f'{what}: there is no such record in the archive at byte {place[0]}')
            del left[place]
        for what, _, _ in left.values():
            self.fault(f'{what}: indexes/index.cdx does not have it')

    def check_pages(self):
        lines = [json.loads(line) for line in self.files.get('pages/pages.jsonl', b'').decode().splitlines()]
        pages = {(page['id'], page['url']) for page in lines[1:]}
        want = {(what.split()[1], address) for what, address, _ in self.stored.values()}
        if lines[:1] and lines[0].get('format') != 'json-pages-1.0' or pages != want:
            raise Fault('pages/pages.jsonl: it does not list the captures of the archive')

    # ---- readings, acts, claims ----

    def check_reading(self, record):
        document, version = field(record, 'document', str, 'a reading'), field(record, 'version', int, 'a reading')
        what, name = f'reading of {document}, version {version}', field(record, 'file', str, 'a reading')
        reading = self.json(name)
        text = field(reading, 'text', str, what)
        self.included(record, line_of('reading', document, version, sha256(text.encode()), sha256(self.files[name]),
                                      hexed(field(record, 'rows', str, what), 32, what).hex()), what)
        self.check_blackness(document, version, text, what)
        if record.get('withdrawn') is not None:
            self.check_withdrawal(record, what)
        elif sha256(text.encode()) != record.get('text_hash'):
            raise Fault(f'{what}: its text is not the one that the ledger keeps')
        self.readings[document, version] = (name, reading, record)

    def check_blackness(self, document, version, text, what):
        """Every act that speaks of it, not only the last, and whether or not it is marked: the log has the leaf of what was
        read before, too."""
        for act, payload in self.redactions():
            if (payload.get('document'), payload.get('version')) != (document, version):
                continue
            start, end = payload.get('span') or (0, len(text))
            black = text[start:end]
            if payload.get('span') and text and (len(black) != end - start or black.strip('█\n')):
                raise Fault(f'{what}: code points {start} to {end} were withdrawn by act {act["act"]}, but are still there')
            if not payload.get('span') and text and self.alone(document, version):
                raise Fault(f'{what}: it was withdrawn by act {act["act"]}, but its text is still there')

    def alone(self, document, version):
        """Whether no capture vouches for the text any more."""
        return all(record.get('withdrawn') is not None for record in self.proof['captures']
                   if (record.get('document'), record.get('version')) == (document, version))

    def check_act(self, record):
        what = f'act {record.get("act")}'
        parts = [field(record, key, str, what) for key in ('time', 'who', 'kind')]
        parts += [field(record, key, (str, type(None)), what) for key in ('incident', 'claim')]
        parts.append(field(record, 'payload', str, what))
        entry = line_of('act', *map(escaped, parts))
        if record.get('withdrawn') is None:
            self.included(record, entry, what)
            return
        # What it quoted was redacted: its leaf stands in the log, and a later act has sealed what is left.
        self.stands(record, hexed(record['withdrawn'], 32, f'{what}, withdrawn'), what)
        leaf = leaf_of(entry).hex()
        # By the leaf that it had; acts that were sealed before that was told, by their number.
        if not any(left.get('leaf') == leaf and
                   (left['was'] == record['withdrawn'] if 'was' in left else left.get('act') == record['act'])
                   for act in self.proof['acts'] if act.get('kind') == 'withdraw' and act.get('withdrawn') is None
                   for left in json.loads(act['payload']).get('acts', ())):
            raise Fault(f'{what}: no act of redaction has sealed what is left of it')

    def check_claim(self, claim, incident):
        name = field(claim, 'id', str, 'a claim')
        what = f'claim {name}'
        if (claim['document'], claim['version']) not in self.readings:
            raise Fault(f'{what}: the reading that it is of is not in the bundle, or does not hold')
        _, reading, record = self.readings[claim['document'], claim['version']]
        number = next((n for n in range(len(reading['claims'])) if name == 'c-' + sha256(
            f'{claim["document"]}\n{record["text_hash"]}\n{n}'.encode())[:32]), None)
        if number is None:
            raise Fault(f'{what}: the reading has no claim of this id')
        told, evidence, whole = reading['claims'][number], claim['evidence'], claim
        claim = {**claim, **(claim.get('as_read') or {})}  # what people put right stands beside what was read
        pairs = [(told['effect'], claim['effect'], 'effect'), (told['min'], claim['min'], 'min'),
                 (told['max'], claim['max'], 'max'), (told['approx'], claim['approx'], 'approx'),
                 (told['stance'], claim['stance'], 'stance'), (told['who']['class'], claim['class'], 'class'),
                 (told['who']['group'], claim['group'], 'group'), (told['scope'], claim['scope'], 'scope'),
                 ((told['voice'] or {}).get('text'), (claim['voice'] or {}).get('text') if told['voice'] else None, 'voice'),
                 (told['evidence']['start'], evidence['start'], 'start'), (told['evidence']['end'], evidence['end'], 'end'),
                 (reading['text'][evidence['start']:evidence['end']], evidence['text'], 'evidence')]
        for sealed, found, key in pairs:
            if sealed != found:
                raise Fault(f'{what}: its {key} is not what was read: expected {sealed!r:.60}, found {found!r:.60}')
        self.claims[name] = whole

    def check_annotation(self, item):
        name = field(item, 'id', str, 'an annotation').replace('urn:isnad:', '')
        what = f'annotation of claim {name}'
        if name not in self.claims:
            raise Fault(f'{what}: the incident has no such claim, or it does not hold')
        claim = self.claims.pop(name)
        if item['body']['rdf:value']['@value'] != claim:
            raise Fault(f'{what}: it tells the claim otherwise than isnad/incident.json')
        file, reading, _ = self.readings[claim['document'], claim['version']]
        text = reading['text']
        quote, position = item['target']['selector']
        start, end = position['start'], position['end']
        if (start, end) != (claim['evidence']['start'], claim['evidence']['end']) or text[start:end] != quote['exact'] or \
                text[max(0, start - 32):start] != quote['prefix'] or text[end:end + 32] != quote['suffix'] or \
                item['target']['isnad:reading'] != file:
            raise Fault(f'{what}: its selectors do not select the sentence of the claim')

    def check_incident(self):
        incident = self.json('isnad/incident.json')
        if incident.get('id') != self.proof.get('incident'):
            raise Fault('isnad/incident.json: it is another incident than isnad/proof.json speaks of')
        for claim in field(incident, 'claims', list, 'isnad/incident.json'):
            self.guarded('a claim', self.check_claim, claim, incident)
        count = len(self.claims)
        for item in field(self.json('isnad/claims.jsonld'), 'items', list, 'isnad/claims.jsonld'):
            self.guarded('an annotation', self.check_annotation, item)
        for name in self.claims:
            self.fault(f'claim {name}: it has no annotation in isnad/claims.jsonld')
        return count

    # ---- all of it ----

    def check(self):
        self.read()
        self.guarded('the file', self.check_container)
        self.guarded('datapackage.json', self.check_package)
        self.proof = self.guarded('isnad/proof.json', self.json, 'isnad/proof.json')
        if not isinstance(self.proof, dict) or self.proof.get('format') != 'isnad-bundle/1':
            self.fault('isnad/proof.json: no isnad-bundle/1')
            return
        for name in ('keys', 'captures', 'readings', 'acts', 'earlier'):
            if not isinstance(self.proof.get(name), list):
                self.fault(f'isnad/proof.json: no list "{name}"')
                return
        self.head = self.guarded('head', self.check_head, self.proof.get('head'), 'head')
        if not self.head:
            return
        self.stored, self.readings, self.claims, self.withdrawn, self.earlier = {}, {}, {}, [], {}
        self.guarded('keys', self.check_keys)
        self.guarded('earlier heads', self.check_earlier)
        for number, head in enumerate(self.kept, 1):
            self.guarded('kept head', self.check_kept, head, f'kept head {number}')
        for act in self.proof['acts']:
            self.guarded('an act', self.check_act, act)
        self.guarded('captures', self.check_captures)
        self.guarded('indexes/index.cdx', self.check_index)
        self.guarded('pages/pages.jsonl', self.check_pages)
        for reading in self.proof['readings']:
            self.guarded('a reading', self.check_reading, reading)
        self.count = self.guarded('isnad/incident.json', self.check_incident)

    def tell(self):
        for line in self.withdrawn:
            print(line)
        print(f'{len(self.stored)} captures, {len(self.readings)} readings, {self.count} claims and {len(self.proof["acts"])} acts '
              f'stand under a head of {self.head["size"]} leaves,\nsigned {self.head["time"]} (as the signer says) by key '
              f'{self.head["key"]}')
        if not self.key:
            print('Whose key that is, you must know from elsewhere (--key).')
        if self.kept:
            print(f'The log has only grown since {counted(len(self.kept), "kept head")}.')


def kept_heads(path):
    """Heads that were kept elsewhere; what is none is told by line."""
    heads = []
    with open(path, encoding='utf-8') as file:
        for number, line in enumerate(file, 1):
            if not line.strip():
                continue
            try:
                heads.append(json.loads(line))
            except ValueError as error:
                raise ValueError(f'line {number}: no head: {error}') from error
            if not isinstance(heads[-1], dict):
                raise ValueError(f'line {number}: no head, but another value')
    if not heads:
        raise ValueError('no head is in it')
    return heads


def counted(number, one):
    return f'{number} {one}' if number == 1 else f'{number} {one}s'


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('bundle')
    parser.add_argument('--key', help='the public key that must have signed, in hexadecimal')
    parser.add_argument('--against', help='signed heads that were kept elsewhere, one a line')
    options = parser.parse_args()
    read = options.against
    try:
        kept = kept_heads(read) if read else []
        read = options.bundle
        bundle = Bundle(options.bundle, options.key, kept)
        bundle.check()
    except (OSError, zipfile.BadZipFile, ValueError, Fault) as error:
        told = error.strerror if isinstance(error, OSError) and error.strerror else error
        print(f'{read}: {told}', file=sys.stderr)
        return 2
    for fault in bundle.faults:
        print(fault)
    if bundle.faults:
        print(f'{counted(len(bundle.faults), "fault")}: this bundle does not hold')
        return 1
    bundle.tell()
    return 0


if __name__ == '__main__':
    if hasattr(signal, 'SIGPIPE'):  # who has read enough, as `head`, is left in peace
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    sys.exit(main())
