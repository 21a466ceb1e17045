"""kill -9 at random moments of adding, reviewing, exporting and bringing up to date; two processes on one ledger.

After every kill what was reported as done is there, `isnad verify` is content, and going on comes to what an undisturbed
run comes to. Nothing here knows what store it is (stores.py does).
"""
import json
import os
import pathlib
import re
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from faults import SEED, Faults, page  # noqa: E402
from support import PROGRAM, main  # noqa: E402

SOAK = int(os.environ.get('ISNAD_SOAK') or 0)
KILLS = 50 if SOAK else 3  # of each of the four


class Kills(Faults):
    def start(self, *arguments, stdin=None):
        return subprocess.Popen([PROGRAM, *map(str, arguments)], cwd=self.folder, env=self.environment(), stdin=stdin,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def kill(self, process, seconds):
        """Kills it after so long; whether it still ran."""
        try:
            process.wait(timeout=seconds)
        except subprocess.TimeoutExpired:
            process.kill()
        out, errors = process.communicate()
        self.assertNotIn(b'ERROR: AddressSanitizer', errors)
        self.assertNotIn(b'runtime error:', errors)
        return process.returncode < 0, out.decode('utf-8', 'replace')

    def seconds_of(self, *arguments):
        start = time.monotonic()
        self.run_isnad(*arguments)
        return time.monotonic() - start

    def exports(self, place):
        return [self.run_isnad('export', '--what', what, '--ledger', place).text
                for what in ('incidents', 'claims', 'documents', 'voices', 'chains', 'tombstones')]

    def unnamed(self, place):
        """What does not depend on the order things came in: ids are minted in that order."""
        text = '\n'.join(self.exports(place)[:5])
        return sorted(re.sub(r'"i-[0-9a-f]{32}"', '"i-"', text).split('\n'))

    def verify(self, place):
        return self.lines('verify', '--format', 'jsonl', '--ledger', place)[0]


class Adding(Kills):
    def test_killed(self):
        """Pages come slowly over a pipe, so that there are commits (one a second at most) before the kill."""
        numbers = range(120)
        self.pages('all.jsonl', numbers)
        whole = self.new_ledger()
        seconds = self.seconds_of('add', 'all.jsonl', '--ledger', whole)
        expected, killed, kept = self.unnamed(whole), 0, 0
        for _ in range(KILLS):
            place = self.new_ledger()
            at_once = self.draw.random() < 0.5
            process = self.start('add', *(['all.jsonl'] if at_once else ['--from', 'jsonl', '-']), '--ledger', place,
                                 stdin=None if at_once else subprocess.PIPE)
            if not at_once:
                for i in numbers[:60]:
                    process.stdin.write(json.dumps(page(i)).encode() + b'\n')
                process.stdin.flush()
                time.sleep(self.draw.random() * 1.6)
                for i in numbers[60:]:
                    process.stdin.write(json.dumps(page(i)).encode() + b'\n')
                process.stdin.flush()
            killed += self.kill(process, self.draw.random() * seconds * (1.1 if at_once else 0.6))[0]
            if process.returncode == 0:
                self.assertEqual(len(self.documents(place)), len(numbers))
            self.run_isnad('add', self.pages('one.jsonl', [0]), '--ledger', place)
            self.assertEqual(self.verify(place)['wrong'], 0)
            kept += len(self.documents(place)) > 1
            self.run_isnad('add', 'all.jsonl', '--ledger', place)
            self.assertEqual(self.unnamed(place), expected)
            place.remove()
        self.tell('killed while adding', kills=killed, of=KILLS, with_pages_kept=kept)

    def test_what_was_told_as_committed_is_there(self):
        """add ends with 0 for each part before the next begins; the part that is killed is there by half or not, the
        parts before it wholly."""
        killed, place, done = 0, self.new_ledger(), 0
        seconds = self.seconds_of('add', self.pages('first.jsonl', range(1000, 1010)), '--ledger', place)
        for part in range(KILLS * 2):
            numbers = range(part * 10, part * 10 + 10)
            process = self.start('add', self.pages('part.jsonl', numbers), '--ledger', place)
            was_killed, _ = self.kill(process, self.draw.random() * seconds * 1.2)
            killed += was_killed
            if process.returncode == 0:
                done += 1
            else:
                self.run_isnad('add', 'part.jsonl', '--ledger', place)
            there = self.documents(place)
            self.assertLessEqual({f'p{i}' for i in range(part * 10 + 10)}, there)
        self.assertEqual(self.verify(place)['wrong'], 0)
        self.run_isnad('ledger', 'check', '--ledger', place)
        self.tell('killed while adding part by part', kills=killed, of=KILLS * 2, parts_not_disturbed=done)


class Crawling(Kills):
    """A crawl file that is taken up again is the ledger of one undisturbed run, record by record: names, order and all."""

    def taken_up(self, pages, crawls):
        crawl = self.crawl('crawl.warc.gz', range(pages))
        whole = self.new_ledger()
        seconds = self.seconds_of('add', '--reference', '-j', '1', crawl, '--ledger', whole)
        expected, killed, kept = self.exports(whole), 0, 0
        for turn in range(crawls):
            place = self.new_ledger()
            options = ['--reference' if turn % 3 else '--copy', '-j', str(1 + turn % 2)]
            for _ in range(1 + turn % 2):
                process = self.start('add', *options, crawl, '--ledger', place)
                killed += self.kill(process, self.draw.random() * seconds * 1.1)[0]
            added = json.loads(self.run_isnad('add', *options, '--format', 'jsonl', crawl, '--ledger', place).text)
            self.assertEqual(added['read'], pages)
            kept += added['known'] > 0
            self.assertEqual(self.verify(place)['wrong'], 0)
            self.assertEqual(self.exports(place), expected)
            place.remove()
        self.tell('killed while adding a crawl', kills=killed, of=crawls, with_pages_kept=kept)

    def test_killed(self):
        self.taken_up(400, 50 if SOAK else 5)


class Reviewing(Kills):
    def test_killed(self):
        place = self.new_ledger()
        self.run_isnad('add', self.pages('all.jsonl', range(14)), '--ledger', place)
        incidents = [line['id'] for line in self.lines('incidents', '--format', 'jsonl', '--ledger', place)]
        seconds = self.seconds_of('review', 'comment', incidents[0], 'first', '--who', 'Rima', '--ledger', place)
        told, tried, killed = {'first'}, {'first'}, 0
        for i in range(KILLS):
            words = f'comment {i}'
            tried.add(words)
            merging = len(incidents) > 3 and i % 5 == 4
            arguments = ['merge', *incidents[:2], '--why', words] if merging else ['comment', incidents[0], words]
            process = self.start('review', *arguments, '--who', 'Rima', '--ledger', place)
            was_killed, _ = self.kill(process, self.draw.random() * seconds * 1.5)
            killed += was_killed
            if process.returncode == 0:
                told.add(words)
            acts = self.lines('review', 'log', '--format', 'jsonl', '--ledger', place)
            said = {words for act in acts for words in (act['why'], json.dumps(act['payload'], ensure_ascii=False))
                    if words}
            for words in told:
                self.assertTrue(any(words in each for each in said), words)
            self.assertLessEqual(len(acts), len(tried) + 1)
            checked = self.verify(place)
            self.assertEqual((checked['wrong'], checked['acts']), (0, len(acts)))
        self.run_isnad('add', 'all.jsonl', '--ledger', place)  # links
        self.run_isnad('ledger', 'check', '--ledger', place)
        self.tell('killed while reviewing', kills=killed, of=KILLS, acts_kept=len(told))


class Exporting(Kills):
    def test_killed(self):
        """What is read is not changed by it, and a file that was begun is no whole export by its name."""
        place = self.new_ledger()
        self.run_isnad('add', self.pages('all.jsonl', range(60)), '--ledger', place)
        before = self.exports(place)
        seconds = self.seconds_of('export', '--what', 'claims', '--ledger', place)
        killed = 0
        for _ in range(KILLS):
            process = self.start('export', '--what', 'claims', '--ledger', place)
            was_killed, out = self.kill(process, self.draw.random() * seconds * 1.2)
            killed += was_killed
            self.assertTrue(before[1].startswith(out))
        self.assertEqual(self.exports(place), before)
        self.assertEqual(self.verify(place)['wrong'], 0)
        self.run_isnad('add', self.pages('more.jsonl', range(60, 63)), '--ledger', place)
        self.tell('killed while exporting', kills=killed, of=KILLS)


class Migrating(Kills):
    def test_killed(self):
        """A ledger of the first schema, opened by this program; once or twice it is killed meanwhile."""
        first = self.new_ledger()
        self.run_isnad('add', self.pages('all.jsonl', range(60)), '--ledger', first)
        expected, old = self.unnamed(first), self.copied(first)
        old.make_old()
        whole = self.copied(old)
        seconds = self.seconds_of('add', 'all.jsonl', '--ledger', whole)
        self.assertEqual(self.unnamed(whole), expected)
        killed = 0
        for _ in range(KILLS):
            place = self.copied(old)
            for _ in range(self.draw.randrange(1, 3)):
                process = self.start('add', 'all.jsonl', '--ledger', place)
                killed += self.kill(process, self.draw.random() * seconds)[0]
            self.run_isnad('add', 'all.jsonl', '--ledger', place)
            self.assertEqual(self.verify(place)['wrong'], 0)
            self.assertEqual(self.unnamed(place), expected)
            place.remove()
        self.tell('killed while bringing up to date', kills=killed, of=KILLS)

    def test_two_at_once(self):
        """Whoever comes second waits for the first, and finds it done."""
        first = self.new_ledger()
        self.run_isnad('add', self.pages('all.jsonl', range(20)), '--ledger', first)
        expected = self.unnamed(first)
        first.make_old()
        for _ in range(KILLS):
            place = self.copied(first)
            both = [self.start('add', 'all.jsonl', '--ledger', place) for _ in range(2)]
            for process in both:
                _, errors = process.communicate()
                self.assertEqual(process.returncode, 0, errors)
            self.assertEqual(self.unnamed(place), expected)
            self.assertEqual(self.verify(place)['wrong'], 0)
        self.tell('two bring one ledger up to date', rounds=KILLS)


class Together(Kills):
    def test_two_make_one_ledger(self):
        for _ in range(KILLS):
            place = self.new_ledger()
            both = [self.start('add', self.pages(f'{n}.jsonl', [n]), '--ledger', place) for n in range(2)]
            for process in both:
                _, errors = process.communicate()
                self.assertEqual(process.returncode, 0, errors)
            self.assertEqual(self.documents(place), {'p0', 'p1'})
            self.assertEqual(self.verify(place)['wrong'], 0)
            place.remove()
        self.tell('two make one ledger', rounds=KILLS)

    def test_two_add_review_and_link(self):
        """Each adds its half, part by part, and says what it thinks of it; nothing is lost, and it comes to what one comes
        to. Who does not get the ledger in time says so in one line and does it again."""
        parts, size = (12, 12) if SOAK else (3, 6)
        again = acts = 0
        for n in range(max(1, KILLS // 10)):
            place = self.new_ledger()
            self.run_isnad('add', self.pages('seed.jsonl', [0]), '--ledger', place)
            incident, = (line['id'] for line in self.lines('incidents', '--format', 'jsonl', '--ledger', place))
            queues = []
            for who in range(2):
                orders = []
                for part in range(parts):
                    start = 1 + (2 * part + who) * size
                    orders.append(('add', self.pages(f'{who}-{part}.jsonl', range(start, start + size))))
                    orders.append(('review', 'comment', incident, f'{who} {part}', '--who', f'W{who}'))
                queues.append(orders)
            running = [None, None]
            while any(queues) or any(running):
                for who in range(2):
                    if running[who] is None and queues[who]:
                        running[who] = self.start(*queues[who][0], '--ledger', place)
                    elif running[who] is not None and running[who].poll() is not None:
                        _, errors = running[who].communicate()
                        if running[who].returncode == 0:
                            queues[who].pop(0)
                        else:
                            self.assertEqual(running[who].returncode, 6, errors)
                            self.assertRegex(errors.decode(), r'^isnad: [^\n]*another process[^\n]*\n$')
                            again += 1
                        running[who] = None
                time.sleep(0.005)
            said = self.lines('review', 'log', '--format', 'jsonl', '--ledger', place)
            acts += len(said)
            self.assertEqual(len(said), 2 * parts)
            self.assertEqual(len(self.documents(place)), 1 + 2 * parts * size)
            self.assertEqual(self.verify(place)['wrong'], 0)
            self.run_isnad('ledger', 'check', '--ledger', place)
            alone = self.new_ledger()
            self.run_isnad('add', self.pages('all.jsonl', range(1 + 2 * parts * size)), '--ledger', alone)
            said_of = re.compile(r'"comments": \[.*?\]|"status": "[^"]*"|"history": \d+')
            self.assertEqual([said_of.sub('', line) for line in self.unnamed(place)],
                             [said_of.sub('', line) for line in self.unnamed(alone)])
        self.tell('two add and review', rounds=max(1, KILLS // 10), acts=acts, done_again=again)


if __name__ == '__main__':
    print(f'kills: ISNAD_SEED={SEED}', flush=True)
    sys.exit(main())
