#!/usr/bin/env python3
"""How soon a server answers: the main questions, 100 a second, while an import runs beside it.

usage: serve.py BUILD [--documents N | --ledger FILE [--write]] [--rate N] [--seconds N] [--slow N]

The ledger is one of invented readings (bench-ledger, under its seed; 320,000 documents hold 1,007,000 claims; where
--ledger FILE is not there it is made and stays), the import one of invented pages, a job of the server in a process of its
own. The very first page is asked for as soon as the server listens. Questions are due at even times whether or not the ones before are
answered, and the time of each is counted from when it was due: a server that stalls is not asked less. What a question
takes of the processor is measured before, one after another: asked anew, and asked again. Memory is the most that was
resident. With --slow so many connections meanwhile send a byte now and then. --ledger FILE is written to by an import
only with --write. Where wrk is installed it asks the same questions afterwards, while the import goes on: at about the
same rate, and as fast as they are answered.
"""
import argparse
import http.client
import json
import os
import queue
import random
import re
import resource
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse

ASKERS = 32
LISTS = ("incidents", "facets", "timeline", "map", "search")  # asked with a limit, so that no two are alike
RARE = "statistics"  # counts all there is; no page asks for it, and it is not among what is told together
PLACES = ("Sarmin", "Taiz", "Sebha", "Daraa", "Mosul", "Khartoum", "Idlib", "Hajin")


def resident_megabytes(pid, what="VmRSS"):
    with open(f"/proc/{pid}/status", encoding="ascii") as file:
        return next(int(line.split()[1]) / 1024 for line in file if line.startswith(what + ":"))


def invented_pages(path, count, run):
    chance = random.Random(run)
    with open(path, "w", encoding="utf-8") as file:
        for at in range(count):
            day, place = chance.randrange(1, 28), chance.choice(PLACES)
            text = (f"{chance.randrange(2, 40)} people were killed and {chance.randrange(2, 90)} injured in an air strike on "
                    f"{place} on 2026-03-{day:02}, the invented directorate of health said. Page {run}-{at} of a benchmark; "
                    "nothing in it happened.")
            file.write(json.dumps({"id": f"bench-{run}-{at}", "url": f"https://bench-{at % 50}.example/{run}/{at}", "title": f"Strike on {place}",
                                   "published": f"2026-03-{day:02}", "text": text}) + "\n")


class Server:
    def __init__(self, program, ledger):
        self.process = subprocess.Popen([program, "serve", "--no-accounts", "--ledger", ledger, "--port", "0"], stdout=subprocess.PIPE, text=True)
        line = self.process.stdout.readline()
        found = re.search(r"http://\S+", line)
        if not found:
            sys.exit(f"the server did not start: {line}")
        self.url = urllib.parse.urlsplit(found.group(0))
        begun = time.monotonic()
        self.json("incidents?limit=60&order=date-down")
        self.first = time.monotonic() - begun
        begun = time.monotonic()
        self.json("facets")
        self.read = time.monotonic() - begun

    def ask(self, connection, target):
        connection.request("GET", "/api/v1/" + target, headers={"Accept-Encoding": "gzip"})
        answer = connection.getresponse()
        body = answer.read()
        return answer.status, body

    def connection(self):
        return http.client.HTTPConnection(self.url.hostname, self.url.port, timeout=60)

    def json(self, target):
        connection = self.connection()
        connection.request("GET", "/api/v1/" + target)
        whole = json.loads(connection.getresponse().read())
        connection.close()
        return whole

    def children(self):
        """{pid: name} of the processes that it started."""
        found = {}
        for one in filter(str.isdigit, os.listdir("/proc")):
            try:
                with open(f"/proc/{one}/stat", encoding="ascii", errors="replace") as file:
                    name, fields = file.read().rpartition(")")[::2]
            except OSError:
                continue
            if int(fields.split()[1]) == self.process.pid:
                found[int(one)] = name.partition("(")[2]
        return found

    def change(self, method, target, body, **headers):
        connection = self.connection()
        origin = f"{self.url.scheme}://{self.url.netloc}"
        connection.request(method, "/api/v1/" + target, body, {"X-Isnad-CSRF": self.json("session")["csrf"], "Origin": origin, **headers})
        answer = connection.getresponse()
        text = answer.read()
        connection.close()
        if answer.status >= 300:
            sys.exit(f"{method} {target}: {answer.status} {text[:200]}")
        return json.loads(text) if text else None

    def add(self, path):
        with open(path, "rb") as file:
            upload = self.change("POST", "uploads?name=pages.jsonl", file, **{"Content-Type": "application/octet-stream"})["upload"]
        return self.change("POST", "jobs", json.dumps({"uploads": [upload]}), **{"Content-Type": "application/json"})["id"]

    def stop(self):
        self.process.terminate()
        self.process.wait(timeout=60)


def kinds_of(server):
    incidents = [row["id"] for row in server.json("incidents?limit=200")["incidents"]]
    documents = [urllib.parse.quote(row["id"], safe="") for row in server.json("documents?limit=200")["documents"]]
    words = ["killed", "strike"]
    years = range(2015, 2026)
    pick = random.Random(1).choice
    return {
        "session": lambda: "session",
        "incidents": lambda: pick(["incidents", "incidents?order=figure-down", f"incidents?from={pick(years)}-01-01&limit=50",
                                   f"incidents?least={pick([2, 5, 10])}", "incidents?disputed=1"]),
        "incidents/ID": lambda: "incidents/" + pick(incidents),
        "story": lambda: "incidents/" + pick(incidents) + "/story",
        "documents/ID": lambda: "documents/" + pick(documents),
        "search": lambda: "search?text=" + pick(words),
        "facets": lambda: pick(["facets", f"facets?from={pick(years)}-01-01", "facets?effect=killed"]),
        "timeline": lambda: pick(["timeline", f"timeline?from={pick(years)}-01-01"]),
        "map": lambda: f"map?zoom={pick(range(2, 9))}",
        "statistics": lambda: "statistics",
    }


def processor_seconds(pid):
    with open(f"/proc/{pid}/stat", encoding="ascii") as file:
        fields = file.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def ask_alone(server):
    """{kind: milliseconds of the processor a question, when it is new and when it was asked before}, one after another: what
    a busy machine does not change."""
    out, connection = {}, server.connection()

    def cost(targets):
        before = processor_seconds(server.process.pid)
        for one in targets:
            server.ask(connection, one)
        return 1000 * (processor_seconds(server.process.pid) - before) / len(targets)
    for kind, target in kinds_of(server).items():
        count = 5 if kind == RARE else 100
        asked = [target() for _ in range(count)]
        new = [one + ("&" if "?" in one else "?") + f"limit={20 + at}" for at, one in enumerate(asked)] if kind in LISTS else asked
        first = cost(new)
        out[kind] = first, cost(new)
    connection.close()
    return out


def ask_evenly(server, rate, seconds):
    """{kind: [seconds]}, and how many went wrong."""
    kinds, due, times, lock, wrong = kinds_of(server), queue.Queue(), {}, threading.Lock(), []

    def asker():
        connection = server.connection()
        while (task := due.get()) is not None:
            kind, target, at = task
            try:
                status, _ = server.ask(connection, target)
            except OSError as error:
                status, connection = str(error), server.connection()
            took = time.monotonic() - at
            with lock:
                times.setdefault(kind, []).append(took)
                if status != 200:
                    wrong.append((target, status))
        connection.close()
    askers = [threading.Thread(target=asker) for _ in range(ASKERS)]
    for one in askers:
        one.start()
    begun, names = time.monotonic(), [name for name in kinds if name != RARE]
    for number in range(rate * seconds):
        at = begun + number / rate
        time.sleep(max(0, at - time.monotonic()))
        kind = names[number % len(names)] if (number + 50) % 500 else RARE
        due.put((kind, kinds[kind](), at))
    for _ in askers:
        due.put(None)
    for one in askers:
        one.join()
    return times, wrong


def wrk(server, folder, rate, seconds):
    """Its lines on latency and rate: it counts from when a question was sent, so a stall costs it few questions."""
    kinds, targets = kinds_of(server), os.path.join(folder, "targets")
    names = [name for name in kinds if name != RARE]
    with open(targets, "w", encoding="ascii") as file:
        file.writelines(kinds[names[number % len(names)]]() + "\n" for number in range(2000))
    script = os.path.join(os.path.dirname(os.path.abspath(__file__)), "serve.lua")
    lines = []
    for what, pause in ((f"about {rate} a second", 1000 * ASKERS // rate), ("one after another", 0)):
        done = subprocess.run(["wrk", "-t", "1", "-c", str(ASKERS), "-d", f"{seconds}s", "--timeout", "60s", "--latency", "-s", script,
                               server.url.geturl(), "--", targets, str(pause)], check=True, stdout=subprocess.PIPE, text=True).stdout
        found = dict(re.findall(r"^ *(50%|99%|Requests/sec:) +(\S+)$", done, re.MULTILINE))
        wrong = "".join("; " + line.strip() for line in re.findall(r"^ *(?:Non-2xx|Socket errors).*$", done, re.MULTILINE))
        lines.append(f"  wrk, {ASKERS} connections, {what}: half {found['50%']}, of 100, 99 {found['99%']}, "
                     f"{float(found['Requests/sec:']):,.0f} answers a second{wrong}")
    return lines


def slow_ones(server, count):
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < count + 200:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(count + 200, hard), hard))
    crowd = [socket.create_connection((server.url.hostname, server.url.port), timeout=60) for _ in range(count)]
    ended = threading.Event()

    def dribble():
        for byte in b"GET /api/v1/statistics HTTP/1.1":
            for at, one in enumerate(crowd):
                try:
                    one.send(bytes([byte]))
                except OSError:
                    crowd[at] = socket.create_connection((server.url.hostname, server.url.port), timeout=60)
            if ended.wait(5):
                return
    thread = threading.Thread(target=dribble)
    if count:
        thread.start()

    def end():
        ended.set()
        if count:
            thread.join()
        for one in crowd:
            one.close()
    return end


def of_hundred(times, share):
    return 1000 * sorted(times)[min(len(times) - 1, int(len(times) * share))]


def measure(options, program, ledger, pages, folder):
    server = Server(program, ledger)
    size = server.json("statistics")
    alone, importing = ask_alone(server), None
    if pages:
        importing = server.add(pages)
    end = slow_ones(server, options.slow)
    times, wrong = ask_evenly(server, options.rate, options.seconds)
    went_on = importing is not None and server.json("jobs/" + importing)["state"] == "running"
    memory = resident_megabytes(server.process.pid, "VmHWM"), resident_megabytes(server.process.pid)
    children = [f"{name} {resident_megabytes(pid, 'VmHWM'):.0f} MB" for pid, name in server.children().items()]
    added = server.json("statistics")["documents"] - size["documents"]
    end()
    by_wrk = wrk(server, folder, options.rate, options.seconds) if shutil.which("wrk") else ["  wrk is not installed"]
    if importing:
        server.change("DELETE", "jobs/" + importing, None)
    server.stop()
    beside = (f"an import beside it ({added:,} pages in)" + ("" if went_on else ", over before the end")) if importing else "nothing beside it"
    print(f"The server, {size['claims']:,} claims, {size['incidents']:,} incidents; {options.rate} questions a second for "
          f"{options.seconds} s; {beside}; {options.slow:,} slow connections")
    print(f"  {'':<14}{'asked':>7}{'half':>11}{'of 100, 99':>13}{'all':>11}{'processor: new, again':>26}")
    every = [t for kind, list_ in times.items() if kind != RARE for t in list_]
    for kind, list_ in [*times.items(), ("together", every)]:
        print(f"  {kind:<14}{len(list_):>7}{of_hundred(list_, .5):>8.1f} ms{of_hundred(list_, .99):>10.1f} ms{1000 * max(list_):>8.1f} ms"
              + (f"{alone[kind][0]:>16.2f} ms{alone[kind][1]:>7.2f} ms" if kind in alone else ""))
    print(*by_wrk, sep="\n")
    print(f"  first page {1000 * server.first:.0f} ms after the server listens, all counts {1000 * (server.first + server.read):.0f} ms; "
          f"{len(wrong)} not answered with 200" + (f": {wrong[:3]}" if wrong else ""))
    print(f"  memory of the server at most {memory[0]:.0f} MB, {memory[1]:.0f} MB at the end; beside it {', '.join(children) or 'nothing'}")
    print(f"  load of the machine {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("build")
    parser.add_argument("--documents", type=int, default=10000)
    parser.add_argument("--ledger")
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--rate", type=int, default=100)
    parser.add_argument("--seconds", type=int, default=15)
    parser.add_argument("--slow", type=int, default=0)
    options = parser.parse_args()
    program = os.path.join(options.build, "isnad")
    with tempfile.TemporaryDirectory() as folder:
        ledger, pages = options.ledger or os.path.join(folder, "ledger"), os.path.join(folder, "pages.jsonl")
        if not os.path.exists(ledger):
            subprocess.run([os.path.join(options.build, "bench/bench-ledger"), "--documents", str(options.documents), "--steps", "1",
                            "--queries", "1", "--ledger", ledger], check=True, stdout=subprocess.DEVNULL)
        invented_pages(pages, 200 * options.seconds * 10, int(time.time()) if options.write else 7)  # none that it has
        measure(options, program, ledger, pages if options.write or not options.ledger else None, folder)


main()
