#!/usr/bin/env python3
"""Evidence bundles: a good one holds, and each of the spoiled ones is refused with what and where, also where whoever
spoiled it made every hash of the bundle anew. Prints "N passed, N failed"."""
import base64
import copy
import gzip
import hashlib
import io
import json
import os
import random
import re
import shutil
import struct
import subprocess
import sys
import time
import unittest
import zipfile
import zlib

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from support import ROOT, SAMPLES, Case, main  # noqa: E402

CHECK = ROOT / 'tools' / 'verify_bundle.py'
# The web archiving field's own programs: those of make setup-dev, else those that are installed.
ARCHIVISTS = {name: shutil.which(name, path=f'{ROOT}/.venv/bin') or shutil.which(name) for name in ('wacz', 'warcio')}


def packed(files):
    """A ZIP as isnad writes it."""
    body, directory = b'', b''
    for name, data in files.items():
        fields = struct.pack('<HHHHHIIIHH', 20, 0x800, 0, 0, 0x21, zlib.crc32(data), len(data), len(data), len(name), 0)
        directory += b'PK\1\2' + struct.pack('<H', 20) + fields + struct.pack('<HHHII', 0, 0, 0, 0, len(body)) + name.encode()
        body += b'PK\3\4' + fields + name.encode() + data
    return body + directory + b'PK\5\6' + struct.pack('<HHHHIIH', 0, 0, len(files), len(files), len(directory), len(body), 0)


def unpacked(path):
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def leaf_of(act):
    """RFC 6962's leaf of an act, as docs/formats.md tells it."""
    parts = ['act', *(act[name] or '' for name in ('time', 'who', 'kind', 'incident', 'claim', 'payload'))]
    text = ''.join(part.replace('\\', '\\\\').replace('\n', '\\n') + '\n' for part in parts)
    return hashlib.sha256(b'\0' + text.encode()).digest()


def path_to(leaves, position):
    """RFC 6962, 2.1.1, word for word: (root, path), innermost first."""
    if len(leaves) == 1:
        return leaves[0], []
    half = 1
    while half * 2 < len(leaves):
        half *= 2
    inside = position < half
    root, path = path_to(leaves[:half] if inside else leaves[half:], position if inside else position - half)
    other, _ = path_to(leaves[half:] if inside else leaves[:half], 0)
    return hashlib.sha256(b'\1' + (root + other if inside else other + root)).digest(), path + [other]


def listed(files):
    """The list of hashes made anew."""
    package = json.loads(files['datapackage.json'])
    package['resources'] = [{'name': name.rsplit('/', 1)[-1], 'path': name, 'hash': 'sha256:' + hashlib.sha256(data).hexdigest(),
                             'bytes': len(data)} for name, data in files.items() if not name.startswith('datapackage')]
    files['datapackage.json'] = json.dumps(package).encode()
    digest = 'sha256:' + hashlib.sha256(files['datapackage.json']).hexdigest()
    files['datapackage-digest.json'] = json.dumps({'path': 'datapackage.json', 'hash': digest}).encode()
    return files


def records(warc):
    out = []
    while warc:
        member = zlib.decompressobj(31)
        out.append(member.decompress(warc))
        warc = member.unused_data
    return out


class Bundles(Case):
    @classmethod
    def setUpClass(cls):
        """One bundle for all: an incident of many papers, of two of them a stretch of the text and the bytes withdrawn."""
        case = cls('make')
        case.setUp()
        cls.case, cls.bundle = case, case.folder / 'good.wacz'
        case.run_isnad('add', SAMPLES)
        case.run_isnad('key', 'new')
        case.first = json.loads(case.run_isnad('head').text)
        incident = max(case.lines('export'), key=lambda each: len(each['documents']))
        case.documents = [each['id'] for each in incident['documents'] if not each['copy_of']]
        quoted = min((each for each in incident['claims'] if each['document'] == case.documents[1]),
                     key=lambda each: each['evidence']['start'])
        case.run_isnad('review', 'accept', quoted['id'], '--who', 'Rima')
        case.run_isnad('head')
        case.run_isnad('bundle', incident['id'], '--output', 'before.wacz')
        cls.before = unpacked(case.folder / 'before.wacz')
        case.run_isnad('redact', case.documents[0], '--span', '2-5', '--who', 'R. Haddad', '--why', 'court order')
        case.run_isnad('redact', case.documents[1], '--span', '12-30', '--who', 'R. Haddad', '--why', 'name of a child')
        case.middle = json.loads(case.run_isnad('head').text)
        claims = [each['id'] for each in incident['claims'] if each['document'] not in case.documents[:2]]
        case.run_isnad('review', 'accept', claims[0], '--who', 'Rima')
        case.run_isnad('review', 'correct', claims[1], 'count=3-4', '--who', 'Samir', '--why', 'the second list')
        case.run_isnad('review', 'reject', claims[2], '--who', 'Samir')
        incident = next(each for each in case.lines('export')
                        if {each['id'] for each in each['documents']} >= set(case.documents[:2]))
        case.file('more.txt', 'Police said that 2 people were killed in a fire in Aleppo on Tuesday.')
        case.run_isnad('add', '--published', '2026-01-14', 'more.txt')
        case.head = json.loads(case.run_isnad('head').text)
        case.id = incident['id']
        case.run_isnad('bundle', case.id, '--output', cls.bundle)
        cls.files = unpacked(cls.bundle)
        cls.proof = json.loads(cls.files['isnad/proof.json'])

    @classmethod
    def tearDownClass(cls):
        cls.case.doCleanups()

    def make(self):
        """Only for setUpClass."""

    def check(self, data, *arguments):
        path = self.folder / 'bundle.wacz'
        path.write_bytes(data)
        return subprocess.run([sys.executable, str(CHECK), str(path), *map(str, arguments)], capture_output=True, text=True,
                              env={**os.environ, 'PYTHONUTF8': '1'})

    def refused(self, files, expected, *arguments, anew=True):
        done = self.check(packed(listed(files) if anew else files), *arguments)
        self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
        self.assertRegex(done.stdout, expected)
        self.assertNotIn('Traceback', done.stderr)

    def spoiled(self):
        return dict(self.files), copy.deepcopy(self.proof)

    def with_proof(self, files, proof):
        files['isnad/proof.json'] = json.dumps(proof).encode()
        return files

    # ---- good ones ----

    def test_a_good_one_holds(self):
        data = self.bundle.read_bytes()
        self.assertEqual(data, packed(self.files))
        done = self.check(data)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertIn('withdrawn by R. Haddad', done.stdout)
        kept = self.file('kept.jsonl', '\n'.join(map(json.dumps, (self.case.first, self.case.middle, self.case.head))))
        done = self.check(data, '--key', self.case.head['key'], '--against', kept)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertIn('only grown since 3 kept heads', done.stdout)

    def test_every_incident_has_a_bundle_that_holds(self):
        for incident in self.case.lines('export'):
            path = self.folder / 'each.wacz'
            self.case.run_isnad('bundle', incident['id'], '--output', path)
            done = self.check(path.read_bytes())
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_kept_heads_that_are_none(self):
        for content, said in (('', 'no head is in it'), ('\n\n', 'no head is in it'), ('{}\nx', 'line 2: no head'), ('[1]', 'line 1')):
            kept = self.file('kept.jsonl', content)
            done = self.check(packed(self.files), '--against', kept)
            self.assertEqual(done.returncode, 2)
            self.assertTrue(done.stderr.startswith(f'{kept}: {said}'), done.stderr)

    def test_an_act_that_quoted_a_page_of_another_incident(self):
        self.file('one.txt', 'Police said that 4 people were killed in a fire in Aleppo on Tuesday.')
        self.file('two.txt', 'Witnesses said that 9 people were killed by shells in Mosul on Monday.')
        self.run_isnad('add', '--published', '2026-01-14', 'one.txt', 'two.txt')
        one, two = sorted(self.lines('export'), key=lambda each: each['claims'][0]['min'])
        self.run_isnad('review', 'merge', one['id'], two['id'], '--who', 'Rima')
        self.run_isnad('review', 'undo', '1', '--who', 'Rima')
        self.run_isnad('redact', two['documents'][0]['id'][:12] + '…', '--who', 'Rima', '--why', 'court order')
        self.run_isnad('key', 'new')
        self.run_isnad('head')
        self.run_isnad('bundle', one['id'], '--output', 'one.wacz')
        done = self.check((self.folder / 'one.wacz').read_bytes())
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_the_same_again_but_for_the_time(self):
        path = self.folder / 'again.wacz'
        self.case.run_isnad('bundle', self.case.id, '--output', path)
        with zipfile.ZipFile(path) as archive:
            for name in ('isnad/proof.json', 'isnad/claims.jsonld', 'isnad/report.html'):
                self.assertEqual(archive.read(name), self.files[name])

    def test_what_it_holds(self):
        self.assertTrue(records(self.files['archive/data.warc.gz'])[0].startswith(b'WARC/1.1\r\nWARC-Type: warcinfo\r\n'))
        for line in self.files['indexes/index.cdx'].decode().splitlines():
            entry = json.loads(line.split(' ', 2)[2])
            at, length = int(entry['offset']), int(entry['length'])
            record = gzip.GzipFile(fileobj=io.BytesIO(self.files['archive/data.warc.gz'][at:at + length])).read()
            self.assertIn(f'WARC-Payload-Digest: {entry["digest"]}'.encode(), record)
        report = self.files['isnad/report.html'].decode()
        self.assertIn(self.case.id, report)
        self.assertNotRegex(report, r'(?i)<script|src=|href=|@import|url\(')
        page = json.loads(self.files['isnad/claims.jsonld'])
        self.assertEqual(page['type'], 'AnnotationPage')
        for item in page['items']:
            self.assertEqual([each['type'] for each in item['target']['selector']], ['TextQuoteSelector', 'TextPositionSelector'])
            self.assertTrue(item['prov:wasDerivedFrom'])

    @unittest.skipUnless(ARCHIVISTS.get('wacz') and ARCHIVISTS.get('warcio'), 'no wacz and warcio (from PyPI: make setup-dev)')
    def test_web_archivists_take_it(self):
        done = self.archivists('wacz', 'validate', '-f', self.bundle)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        warc = self.file('data.warc.gz', self.files['archive/data.warc.gz'])
        done = self.archivists('warcio', 'check', '-v', warc)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertNotIn('digest failed', done.stdout)
        count = sum(b'WARC-Type: resource' in each for each in records(self.files['archive/data.warc.gz']))
        self.assertEqual(done.stdout.count('digest pass'), count, done.stdout)
        listed = self.archivists('warcio', 'index', '-f', 'warc-target-uri', warc).stdout
        for page in self.files['pages/pages.jsonl'].decode().splitlines()[1:]:
            self.assertIn(json.loads(page)['url'], listed)
        # and they are no friends that take anything
        spoiled = self.file('spoiled.wacz', packed({**self.files, 'pages/pages.jsonl': b'{}'}))
        self.assertNotEqual(self.archivists('wacz', 'validate', '-f', spoiled).returncode, 0)
        changed = self.spoil_record(lambda n, r: r.replace(b'<html', b'<HTML', 1) if n == 1 else r)
        warc = self.file('changed.warc.gz', changed['archive/data.warc.gz'])
        self.assertNotEqual(self.archivists('warcio', 'check', warc).returncode, 0)

    def archivists(self, program, *arguments):
        return subprocess.run([ARCHIVISTS[program], *map(str, arguments)], cwd=self.folder, capture_output=True, text=True)

    def test_what_must_be_said(self):
        self.assertIn('which incident?', self.run_isnad('bundle', code=2).error)
        self.assertIn('--output', self.run_isnad('bundle', 'i-1', code=2).error)
        self.run_isnad('add', SAMPLES)
        incident = self.lines('export')[0]['id']
        self.assertIn('no head was signed', self.one_line_of_error(
            self.run_isnad('bundle', incident, '--output', 'x.wacz', code=2)))
        self.run_isnad('key', 'new')
        self.run_isnad('head')
        self.one_line_of_error(self.run_isnad('bundle', 'i-ffffffff', '--output', 'x.wacz', code=9))
        self.one_line_of_error(self.run_isnad('bundle', incident, '--output', 'no/such/folder/x.wacz', code=4))
        document = self.lines('export')[0]['documents'][0]['id']
        self.run_isnad('redact', document, '--who', 'R', '--why', 'W')
        for each in self.lines('export'):
            if document in [paper['id'] for paper in each['documents']]:
                self.assertIn('isnad head', self.run_isnad('bundle', each['id'], '--output', 'x.wacz', code=2).error)
        self.assertEqual(list(self.folder.glob('x.wacz*')), [])

    # ---- spoiled ones ----

    def spoil_record(self, change):
        """The archive with each capture's record as `change` leaves it, and an index that fits."""
        files = dict(self.files)
        lines, at, out = [], 0, b''
        old = {json.loads(line.split(' ', 2)[2])['digest']: line for line in files['indexes/index.cdx'].decode().splitlines()}
        for number, record in enumerate(records(files['archive/data.warc.gz'])):
            record = change(number, record)
            if record is None:
                continue
            member = gzip.compress(record, mtime=0)
            digest = re.search(rb'WARC-Payload-Digest: (\S+)', record)
            line = old.get(digest[1].decode()) if digest else None
            if line:
                head, entry = line.rsplit(' {', 1)[0], json.loads(line.split(' ', 2)[2])
                entry.update(offset=str(at), length=str(len(member)))
                lines.append(f'{head} {json.dumps(entry)}\n')
            out += member
            at += len(member)
        files['archive/data.warc.gz'] = out
        files['indexes/index.cdx'] = ''.join(sorted(lines)).encode()
        return files

    def test_01_a_flipped_bit_in_the_archive(self):
        files = dict(self.files)
        data = bytearray(files['archive/data.warc.gz'])
        data[len(data) // 2] ^= 4
        files['archive/data.warc.gz'] = bytes(data)
        self.refused(files, r'archive/data\.warc\.gz: it is not what datapackage\.json lists', anew=False)

    def test_02_a_changed_page(self):
        files = self.spoil_record(lambda n, r: r.replace(b'<html', b'<HTML', 1) if n == 1 else r)
        self.refused(files, r'(?m)^capture p-\w+: the bytes in the archive are others: expected SHA-256 \w+')

    def test_03_a_record_is_gone(self):
        self.refused(self.spoil_record(lambda n, r: None if n == 2 else r), r'(?m)^capture p-\w+: it has no record')

    def test_04_a_record_too_many(self):
        files = dict(self.files)
        extra = records(files['archive/data.warc.gz'])[1].replace(b'urn:uuid:', b'urn:uuid:0', 1)
        files['archive/data.warc.gz'] += gzip.compress(extra)
        self.refused(files, r'record <urn:uuid:0\S+ is of no capture that is proved')

    def test_05_another_address(self):
        files = self.spoil_record(lambda n, r: re.sub(rb'WARC-Target-URI: \S+', b'WARC-Target-URI: https://forged.example/', r)
                                  if n == 1 else r)
        self.refused(files, r'(?m)^capture p-\w+: its record in the archive tells another address')

    def change_claim(self, files, change):
        incident, page = json.loads(files['isnad/incident.json']), json.loads(files['isnad/claims.jsonld'])
        change(incident['claims'][0])
        for item in page['items']:
            if item['id'].endswith(incident['claims'][0]['id']):
                item['body']['rdf:value']['@value'] = incident['claims'][0]
        files['isnad/incident.json'], files['isnad/claims.jsonld'] = json.dumps(incident).encode(), json.dumps(page).encode()
        return files, incident['claims'][0]

    def test_06_a_changed_figure(self):
        files, told = self.change_claim(dict(self.files), lambda claim: claim.update(min=claim['min'] + 5))
        self.refused(files, rf'(?m)^claim {told["id"]}: its min is not what was read')

    def test_07_a_changed_figure_in_the_reading_too(self):
        files, told = self.change_claim(dict(self.files), lambda claim: claim.update(min=claim['min'] + 5))
        for record in self.proof['readings']:
            if record['document'] == told['document']:
                reading = json.loads(files[record['file']])
                for claim in reading['claims']:
                    claim['min'] += 5
                files[record['file']] = json.dumps(reading).encode()
        self.refused(files, rf'(?m)^reading of {re.escape(told["document"])}, version 1: it is not what leaf \d+')

    def test_08_another_voice(self):
        files, told = self.change_claim(dict(self.files), lambda claim: claim.update(voice={'text': 'the army'}))
        self.refused(files, rf'(?m)^claim {told["id"]}: its voice is not')

    def test_09_another_sentence(self):
        files, told = self.change_claim(dict(self.files), lambda claim: claim['evidence'].update(text='nobody was harmed'))
        self.refused(files, rf'(?m)^claim {told["id"]}: its evidence is not')

    def test_10_a_changed_annotation(self):
        files = dict(self.files)
        page = json.loads(files['isnad/claims.jsonld'])
        page['items'][0]['target']['selector'][0]['prefix'] = 'It is not true that '
        files['isnad/claims.jsonld'] = json.dumps(page).encode()
        self.refused(files, r'(?m)^annotation of claim c-\w+: its selectors do not select')

    def test_11_a_claim_is_gone(self):
        files = dict(self.files)
        page = json.loads(files['isnad/claims.jsonld'])
        del page['items'][0]
        files['isnad/claims.jsonld'] = json.dumps(page).encode()
        self.refused(files, r'(?m)^claim c-\w+: it has no annotation')

    def test_12_swapped_leaves(self):
        files, proof = self.spoiled()
        a, b = proof['captures'][:2]
        for name in ('position', 'path'):
            a[name], b[name] = b[name], a[name]
        self.refused(self.with_proof(files, proof), r'(?m)^capture p-\w+: it is not what leaf \d+ of the log stands for')

    def test_13_a_forged_root(self):
        files, proof = self.spoiled()
        proof['head']['root'] = '00' * 32
        self.refused(self.with_proof(files, proof), r'(?m)^head: its signature does not hold')

    @unittest.skipUnless(shutil.which('openssl'), 'no openssl')
    def test_14_a_head_signed_by_another(self):
        files, proof = self.spoiled()
        subprocess.run(['openssl', 'genpkey', '-algorithm', 'ed25519', '-out', 'forger.pem'], cwd=self.folder, check=True)
        open_key = subprocess.run(['openssl', 'pkey', '-in', 'forger.pem', '-pubout', '-outform', 'DER'], cwd=self.folder,
                                  capture_output=True, check=True).stdout[-32:].hex()
        head = proof['head']
        head['key'] = open_key
        self.file('text', ''.join(f'{head[name]}\n' for name in ('format', 'ledger', 'size', 'root', 'time', 'key')))
        subprocess.run(['openssl', 'pkeyutl', '-sign', '-inkey', 'forger.pem', '-rawin', '-in', 'text', '-out', 'sig'],
                       cwd=self.folder, check=True)
        head['signature'] = (self.folder / 'sig').read_bytes().hex()
        self.refused(self.with_proof(files, proof), r"(?m)^head: signed by \w+…, but the ledger's key is")

    def test_15_another_key_than_is_known(self):
        self.refused(dict(self.files), r'(?m)^head: signed by \w+…, expected', '--key', '00' * 32, anew=False)

    def test_16_an_older_head(self):
        files, proof = self.spoiled()
        proof['head'] = proof['earlier'][0]['head']
        self.refused(self.with_proof(files, proof), r'(?m)^act \d+: leaf \d+ is not under the head, which has \d+ leaves')

    def test_17_an_older_bundle_than_the_kept_head(self):
        self.case.file('later.txt', 'Police said that 3 people were killed in a fire in Hama on Tuesday.')
        later = self.case.ledger.copied('later')
        shutil.copy(self.case.folder / '.config/isnad/key.pem', self.folder / 'key.pem')
        self.run_isnad('add', '--ledger', later, '--published', '2026-01-14', self.case.folder / 'later.txt')
        kept = self.file('kept', self.run_isnad('head', '--ledger', later, '--key', 'key.pem').text)
        self.refused(dict(self.files), r'(?m)^kept head 1: it has \d+ leaves, .*the bundle is older', '--against', kept, anew=False)

    def test_18_a_head_of_another_ledger(self):
        self.run_isnad('add', SAMPLES)
        self.run_isnad('key', 'new')
        kept = self.file('kept', self.run_isnad('head').text)
        self.refused(dict(self.files), r'(?m)^kept head 1: it is a head of another ledger', '--against', kept, anew=False)

    def test_19_a_withdrawn_page_is_still_there(self):
        files, proof = self.spoiled()
        gone = next(each for each in proof['captures'] if each['withdrawn'] is not None)
        d = gone['id'][2:]
        uuid = f'<urn:uuid:{d[:8]}-{d[8:12]}-{d[12:16]}-{d[16:20]}-{d[20:]}>'.encode()
        record = re.sub(rb'<urn:uuid:\S+>', uuid, records(files['archive/data.warc.gz'])[1], count=1)
        files['archive/data.warc.gz'] += gzip.compress(record)
        self.refused(files, rf'(?m)^capture {gone["id"]}: it was withdrawn, but its bytes are in the archive')

    def test_20_a_withdrawn_stretch_is_still_there(self):
        files, proof = self.spoiled()
        record = next(each for each in proof['readings'] if each['document'] == self.case.documents[1])
        reading = json.loads(files[record['file']])
        self.assertIn('█' * 10, reading['text'])
        reading['text'] = reading['text'].replace('█', 'x')
        files[record['file']] = json.dumps(reading).encode()
        self.refused(files, rf'(?m)^reading of {re.escape(record["document"])}, version 1: it is not what leaf')

    def test_21_an_act_by_somebody_else(self):
        files, proof = self.spoiled()
        act = next(each for each in proof['acts'] if each['withdrawn'] is None)
        act['who'] = 'Somebody'
        self.refused(self.with_proof(files, proof), rf'(?m)^act {act["act"]}: it is not what leaf')

    def test_22_an_act_is_gone(self):
        files, proof = self.spoiled()
        act = next(each for each in proof['acts'] if each['kind'] == 'redact')
        proof['acts'].remove(act)
        self.refused(self.with_proof(files, proof), rf'(?m)^capture {json.loads(act["payload"])["capture"]}: it is marked as '
                                                    'withdrawn, but no act of redaction says so')

    def test_23_withdrawn_without_an_act(self):
        files, proof = self.spoiled()
        each = next(each for each in proof['captures'] if each['withdrawn'] is None)
        each['withdrawn'] = 99
        self.refused(self.with_proof(files, proof), rf'(?m)^capture {each["id"]}: it is marked as withdrawn, but no act')

    def test_24_a_broken_index(self):
        files = dict(self.files)
        files['indexes/index.cdx'] = files['indexes/index.cdx'].replace(b'"offset":"', b'"offset":"9', 1)
        self.refused(files, r'(?m)^indexes/index\.cdx, line 1: there is no such record in the archive at byte 9')

    def test_25_an_index_that_hides_a_page(self):
        files = dict(self.files)
        files['indexes/index.cdx'] = b''.join(files['indexes/index.cdx'].splitlines(keepends=True)[1:])
        self.refused(files, r'(?m)^capture p-\w+: indexes/index\.cdx does not have it')

    def test_26_pages_of_others(self):
        files = dict(self.files)
        files['pages/pages.jsonl'] += b'{"id":"x","url":"https://forged.example/","ts":"2026-01-01T00:00:00Z","title":"x"}\n'
        self.refused(files, r'(?m)^pages/pages\.jsonl: it does not list')

    def test_27_files_too_few_or_too_many(self):
        files = dict(self.files)
        del files['isnad/report.html']
        self.refused(files, r'(?m)^isnad/report\.html: it is missing', anew=False)
        self.refused({**self.files, 'extra.html': b'<p>'}, r'(?m)^extra\.html: datapackage\.json does not list it', anew=False)

    def test_28_a_list_that_was_made_anew_alone(self):
        files = dict(self.files)
        digest = files['datapackage-digest.json']
        files['isnad/report.html'] = b'<p>Nobody was killed.'
        files = listed(files)
        files['datapackage-digest.json'] = digest
        self.refused(files, r'(?m)^datapackage\.json: it is not what datapackage-digest\.json', anew=False)

    def test_29_a_log_that_did_not_grow(self):
        files, proof = self.spoiled()
        path = proof['earlier'][0]['consistency']
        path[0] = base64.b16encode(bytes(reversed(bytes.fromhex(path[0])))).decode().lower()
        self.refused(self.with_proof(files, proof), r'(?m)^earlier head 1 \(\d+ leaves\): the log did not grow out of it')

    def test_30_a_key_that_let_itself_in(self):
        files, proof = self.spoiled()
        proof['keys'][0]['time'] = '2020-01-01T00:00:00Z'
        self.refused(self.with_proof(files, proof), r'(?m)^key 1: it was not let in')

    def test_31_a_capture_of_another_day(self):
        files, proof = self.spoiled()
        proof['captures'][0]['time'] = '2020-01-01T00:00:00Z'
        self.refused(self.with_proof(files, proof), r'(?m)^capture p-\w+: its id is not that of its hash, URL and time')

    def test_32_no_bundle_at_all(self):
        for data in (b'', b'PK', self.bundle.read_bytes()[:5000], b'\0' * 1000):
            done = self.check(data)
            self.assertEqual(done.returncode, 2, done.stdout)
            self.assertEqual(len(done.stderr.splitlines()), 1, done.stderr)

    def test_33_proofs_of_any_shape(self):
        """What is not of the form it should have is a fault like any other."""
        for bad in (None, 1, {}, {'position': -1}):
            for name in ('keys', 'captures', 'readings', 'acts', 'earlier', 'head'):
                files, proof = self.spoiled()
                proof[name] = bad if name == 'head' or bad is None else [bad]
                self.refused(self.with_proof(files, proof), r'faults?: this bundle does not hold')

    def test_34_one_byte_changed_anywhere(self):
        seed = int(os.environ.get('ISNAD_SEED') or time.time_ns() % 10**9)
        rounds = 25 * int(os.environ.get('ISNAD_SOAK', 1))
        print(f'soak: a byte of a bundle: {rounds} changed, seed {seed}')
        draw, good = random.Random(seed), self.bundle.read_bytes()
        for _ in range(rounds):
            data = bytearray(good)
            at = draw.randrange(len(data))
            data[at] ^= 1 << draw.randrange(8)
            done = self.check(bytes(data))
            self.assertIn(done.returncode, (1, 2), f'byte {at}')
            self.assertTrue(done.stdout or done.stderr)
            self.assertNotIn('Traceback', done.stderr)

    # ---- somebody who has the ledger, and can make any proof of its log ----

    def hidden(self, files, proof):
        """A capture whose bytes are taken out of the archive, the index and the pages: (its entry, files)."""
        gone = next(each for each in proof['captures'] if each['withdrawn'] is None)
        d = gone['id'][2:]
        uuid = f'<urn:uuid:{d[:8]}-{d[8:12]}-{d[12:16]}-{d[16:20]}-{d[20:]}>'.encode()
        files.update(self.spoil_record(lambda n, record: None if b'Type: resource' in record and uuid in record else record))
        files['pages/pages.jsonl'] = b''.join(line for line in files['pages/pages.jsonl'].splitlines(keepends=True)
                                              if gone['id'].encode() not in line)
        return gone

    def relabelled(self, act, kind, **payload):
        """An act that says what suits its forger, as if what it said had been redacted: its own leaf stands in the log."""
        act.update(withdrawn=leaf_of(act).hex(), kind=kind, payload=json.dumps(payload))

    def test_35_an_act_relabelled_as_a_redaction_hides_nothing(self):
        files, proof = self.spoiled()
        gone, act = self.hidden(files, proof), next(each for each in proof['acts'] if each['kind'] == 'correct')
        self.relabelled(act, 'redact', capture=gone['id'], document=gone['document'], version=gone['version'], span=None,
                        why='a court order')
        gone['withdrawn'] = act['act']
        files = self.with_proof(files, proof)
        self.refused(files, rf'(?m)^capture {gone["id"]}: it is marked as withdrawn, but no act of redaction says so')
        self.refused(files, rf'(?m)^act {act["act"]}: no act of redaction has sealed what is left of it')
        act['withdrawn'] = None
        self.refused(self.with_proof(files, proof), rf'(?m)^act {act["act"]}: it is not what leaf \d+ of the log stands for')

    def test_36_nor_does_one_sealed_by_another(self):
        """The forged redaction is sealed by a forged `withdraw`, as what is left of an act is."""
        files, proof = self.spoiled()
        gone = self.hidden(files, proof)
        act, seal = [each for each in proof['acts'] if each['kind'] in ('correct', 'reject')]
        self.relabelled(act, 'redact', capture=gone['id'], document=gone['document'], version=gone['version'], span=None,
                        why='a court order')
        self.relabelled(seal, 'withdraw', document=gone['document'], version=gone['version'],
                        acts=[{'act': act['act'], 'leaf': leaf_of(act).hex()}], why='a court order')
        gone['withdrawn'] = act['act']
        files = self.with_proof(files, proof)
        self.refused(files, rf'(?m)^capture {gone["id"]}: it is marked as withdrawn, but no act of redaction says so')
        for each in (act, seal):
            self.refused(files, rf'(?m)^act {each["act"]}: no act of redaction has sealed what is left of it')
        seal['withdrawn'] = None
        self.refused(self.with_proof(files, proof), rf'(?m)^act {seal["act"]}: it is not what leaf \d+ of the log stands for')

    def test_37_what_is_left_of_an_act_is_changed(self):
        files, proof = self.spoiled()
        act = next(each for each in proof['acts'] if each['withdrawn'] is not None)
        self.assertIn('█', act['payload'])
        act['payload'] = act['payload'].replace('█', 'x', 1)
        self.refused(self.with_proof(files, proof), rf'(?m)^act {act["act"]}: no act of redaction has sealed what is left of it')

    def test_38_the_seal_of_what_is_left_is_gone(self):
        files, proof = self.spoiled()
        act = next(each for each in proof['acts'] if each['withdrawn'] is not None)
        proof['acts'] = [each for each in proof['acts'] if each['kind'] != 'withdraw']
        self.refused(self.with_proof(files, proof), rf'(?m)^act {act["act"]}: no act of redaction has sealed what is left of it')

    def proved_again(self, record):
        """An entry of an older bundle with its path to the newer head."""
        with self.case.ledger.connected() as ledger:
            leaves = [leaf for leaf, in ledger.execute('SELECT leaf FROM log WHERE position < ? ORDER BY position',
                                                       (self.case.head['size'],))]
        root, path = path_to(leaves, record['position'])
        self.assertEqual(root.hex(), self.case.head['root'])
        return {**record, 'path': [step.hex() for step in path]}

    def test_39_what_was_read_before_a_stretch_was_withdrawn(self):
        """Its leaf is in the log as well as that of what is left of it."""
        files, proof = self.spoiled()
        document = self.case.documents[1]
        now = next(each for each in proof['readings'] if each['document'] == document)
        old = next(each for each in json.loads(self.before['isnad/proof.json'])['readings'] if each['document'] == document)
        files[now['file']] = self.before[old['file']]
        for marked in (now['withdrawn'], None):
            now.update(self.proved_again({**old, 'file': now['file'], 'withdrawn': marked}))
            self.refused(self.with_proof(files, proof), rf'(?m)^reading of {re.escape(document)}, version 1: code points 12 to 30 '
                                                        r'were withdrawn by act \d+, but are still there')

    def test_40_a_page_from_before_it_was_withdrawn(self):
        files, proof = self.spoiled()
        gone = next(each for each in proof['captures'] if each['withdrawn'] is not None)
        d = gone['id'][2:]
        uuid = f'<urn:uuid:{d[:8]}-{d[8:12]}-{d[12:16]}-{d[16:20]}-{d[20:]}>'.encode()
        files['archive/data.warc.gz'] += gzip.compress(next(
            each for each in records(self.before['archive/data.warc.gz']) if uuid in each and b'Type: resource' in each))
        gone['withdrawn'] = None
        self.refused(self.with_proof(files, proof), rf'(?m)^capture {gone["id"]}: act \d+ withdrew it, but it is not marked so')


if __name__ == '__main__':
    sys.exit(main())
