// What every flow begins with: a real server over a real ledger of invented pages, a real browser, and a list of what
// went wrong. Each flow is a file flow_AREA.mjs:
//
//     import { flow, check, equal } from "./harness.mjs";
//     await flow(async ({ open, server }) => {
//         const page = await open("incidents", { language: "ar", width: 390, theme: "dark" });
//         await check("the list is there", async () => { …; await page.audit(); });
//     });
//
// Console errors, page errors, refusals by the page's own policy and violations that axe finds fail the flow. The server
// and the browser end with it, whatever happens. The last line is "N passed, N failed"; 77 is the exit status where the
// browser is missing. A flow must hold on a slow machine too: after a press it waits for what it asks for (equalSoon(),
// okSoon(), locator.waitFor()), it does not look once. ISNAD_SLOWER=6 runs the pages six times slower.
import { spawn, spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

const here = path.dirname(fileURLToPath(import.meta.url));
export const root = path.resolve(here, "../..");
const program = process.env.ISNAD_PROGRAM ?? path.join(root, "build-test/isnad");
const SKIPPED = 77;
const FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage", "--hide-scrollbars"];
const TIME = Number(process.env.ISNAD_WAIT ?? 120000); // for a machine many times slower, under sanitizers
const SLOWER = Number(process.env.ISNAD_SLOWER ?? 1); // how many times slower the pages are to run
// What a sanitizer build says of itself is not for the tests of a page.
const environment = { ...process.env, ASAN_OPTIONS: "detect_leaks=0", ISNAD_LEDGER: "" };

let passed = 0;
let failed = 0;
const ends = [];

function skip(why) {
    console.log(`SKIPPED: ${why}`);
    process.exit(SKIPPED);
}

export function browserPath() {
    const found = [process.env.ISNAD_CHROMIUM, "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find((file) => file && fs.existsSync(file));
    return found ?? skip("no chromium is installed");
}

function modules() {
    const require = createRequire(path.join(root, "web/package.json"));
    try {
        return { chromium: require("playwright-core").chromium, axe: require.resolve("axe-core/axe.min.js") };
    } catch {
        return skip("web/node_modules is not there: npm ci in web/ fetches it");
    }
}

// ISNAD_ONLY=words runs those checks alone whose names hold them.
export async function check(what, test) {
    if (process.env.ISNAD_ONLY && !what.includes(process.env.ISNAD_ONLY)) {
        return;
    }
    try {
        await test();
        passed++;
        console.log(`ok   ${what}`);
    } catch (error) {
        failed++;
        console.log(`FAIL ${what}\n     ${String(error.stack ?? error).split("\n").slice(0, 12).join("\n     ")}`);
    }
}

export function equal(found, wanted, what = "") {
    if (JSON.stringify(found) !== JSON.stringify(wanted)) {
        throw new Error(`${what}: found ${JSON.stringify(found)}, not ${JSON.stringify(wanted)}`);
    }
}

export function ok(condition, what) {
    if (!condition) {
        throw new Error(what);
    }
}

// What a press does shows a moment later: looks again until what is found is what is wanted.
export async function equalSoon(find, wanted, what = "") {
    const end = Date.now() + TIME;
    for (;;) {
        const found = await find();
        if (JSON.stringify(found) === JSON.stringify(wanted) || Date.now() > end) {
            return equal(found, wanted, what);
        }
        await new Promise((again) => setTimeout(again, 20));
    }
}

export async function okSoon(holds, what) {
    await equalSoon(async () => Boolean(await holds()), true, what);
}

// Keys that belong together ("g", then "v"), without waiting for what each does.
export const together = (page, ...keys) => Promise.all(keys.map((key) => page.keyboard.press(key)));

// What a flow runs through: [language, theme, width] spread so that every two of them meet once, or the `few` that a flow
// asks for; all eight where ISNAD_SOAK is set.
const PAIRS = [["en", "light", 1280], ["ar", "dark", 1280], ["ar", "light", 390], ["en", "dark", 390]];
export function pairs(few = PAIRS) {
    const all = ["en", "ar"].flatMap((language) => ["light", "dark"].flatMap((theme) => [1280, 390].map((width) => [language, theme, width])));
    const rest = all.filter((one) => !few.some((each) => each.join() === one.join()));
    return process.env.ISNAD_SOAK ? [...few, ...rest] : few;
}

// Runs the program to its end; gives what it printed. A last argument {input: "…"} goes to its standard input.
export function isnad(...given) {
    const { input } = typeof given.at(-1) === "object" ? given.pop() : {};
    const argumentsOf = given;
    const done = spawnSync(program, argumentsOf, { encoding: "utf8", env: environment, timeout: 600000, input });
    if (done.status !== 0) {
        throw new Error(`isnad ${argumentsOf.join(" ")}: ${done.status}\n${done.stderr}`);
    }
    return done.stdout;
}

// The password of an account that startServer() made.
export const passwordOf = (name) => `${name} keeps no secret here`;

// A server over a ledger of `pages` (folders or files) with `accounts` ({Rima: "reviewer", …}; {}: with accounts, but
// none yet; without: one person at this machine), or over a ledger that is there, which it may write to; {url, ledger, folder, child, said()}.
export async function startServer({ ledger: given, accounts, pages = [path.join(root, "examples/pages"), path.join(here, "pages")], options = [] } = {}) {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "isnad-web-"));
    ends.push(() => fs.rmSync(folder, { recursive: true, force: true }));
    const ledger = given ?? path.join(folder, "ledger.db");
    if (!given) {
        isnad("add", "--ledger", ledger, ...pages.filter((page) => fs.existsSync(page) && (!fs.statSync(page).isDirectory() || fs.readdirSync(page).length)));
    }
    for (const [name, role] of Object.entries(accounts ?? {})) {
        isnad("users", "add", "--ledger", ledger, name, role, { input: passwordOf(name) + "\n" });
    }
    const child = spawn(program, ["serve", "--ledger", ledger, "--port", "0", ...(accounts ? ["--accounts"] : []), ...options], { env: environment, stdio: ["ignore", "pipe", "pipe"] });
    ends.push(() => child.kill("SIGKILL"));
    let words = "";
    const url = await new Promise((found, lost) => {
        const read = (bytes) => {
            words += bytes;
            const address = /https?:\/\/[^\s"']+/.exec(words);
            if (address && words.includes("\n")) {
                found(address[0]);
            }
        };
        child.stdout.on("data", read);
        child.stderr.on("data", read);
        child.on("exit", (code) => lost(new Error(`the server ended with ${code}: ${words}`)));
        setTimeout(() => lost(new Error(`the server does not say where it is: ${words}`)), TIME).unref();
    });
    return { url: new URL("/", url).href, ledger, folder, child, said: () => words };
}

// What a page does beyond Playwright's own: audit() by axe, picture(name).
function extend(page, axe) {
    page.audit = async (what = "", options = {}) => {
        await page.locator("h1").first().waitFor({ state: "attached" });
        if (!(await page.evaluate(() => "axe" in globalThis))) {
            await page.evaluate(fs.readFileSync(axe, "utf8")); // evaluated by the protocol, which the page's policy does not bind
        }
        const { violations } = await page.evaluate((asked) => globalThis.axe.run(document, asked), {
            runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"], resultTypes: ["violations"], ...options,
        });
        const told = violations.map((v) => `${v.id} (${v.help}): ${v.nodes.slice(0, 3).map((node) => node.target.join(" ") + " — " + node.failureSummary.split("\n").slice(1, 3).join("; ")).join(" | ")}`);
        ok(!told.length, `axe ${what}:\n${told.join("\n")}`);
        const wider = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        ok(wider <= 0, `${what}: the page is ${wider} px wider than the window`);
    };
    // PNGs go where ISNAD_PICTURES names a folder: to look at, not to compare.
    page.picture = async (name, options = {}) => {
        if (process.env.ISNAD_PICTURES) {
            fs.mkdirSync(process.env.ISNAD_PICTURES, { recursive: true });
            await page.screenshot({ path: path.join(process.env.ISNAD_PICTURES, name + ".png"), ...options });
        }
    };
    return page;
}

// Signs a browser in, as the page of /login does.
async function signIn(page, url, name) {
    await page.goto(new URL("login", url).href);
    const status = await page.evaluate(async ([name, password]) => {
        const { csrf } = await (await fetch("api/v1/session")).json();
        const headers = { "Content-Type": "application/json", "X-Isnad-CSRF": csrf };
        return (await fetch("api/v1/session", { method: "POST", headers, body: JSON.stringify({ name, password }) })).status;
    }, [name, passwordOf(name)]);
    ok(status === 200, `${name} could not sign in: ${status}`);
}

async function close() {
    for (const end of ends.splice(0).reverse()) {
        try {
            await end();
        } catch {
            // the next must end too
        }
    }
}

// Runs a flow; `serve` is what startServer() takes.
export async function flow(run, serve = {}) {
    const executablePath = browserPath();
    const { chromium, axe } = modules();
    const wrong = [];
    process.on("SIGTERM", () => void close().then(() => process.exit(1)));
    process.on("SIGINT", () => void close().then(() => process.exit(1)));
    try {
        const server = await startServer(serve);
        const browser = await chromium.launch({ executablePath, args: FLAGS, headless: true, timeout: TIME });
        ends.push(() => browser.close());
        let context = null;
        // Opens a page of the workspace in a browser of its own, or with `same` beside the last one, whose cookies it has;
        // `as` signs in with one of the accounts; `prepare` is given the browser's context before anything is asked.
        const open = async (address = "", { as = null, language = "en", theme = "light", width = 1280, height = 800, same = false, expect = [], prepare = null } = {}) => {
            if (!same || !context) {
                context = await browser.newContext({ viewport: { width, height }, locale: language === "ar" ? "ar" : "en-GB", timezoneId: "UTC", colorScheme: theme, reducedMotion: "reduce", bypassCSP: false });
                context.setDefaultTimeout(TIME);
                await prepare?.(context);
                await context.exposeBinding("tellRefusal", (source, text) => wrong.push(`refused by the policy: ${text}`));
                await context.addInitScript(() => document.addEventListener("securitypolicyviolation", (event) => globalThis.tellRefusal(`${event.violatedDirective} ${event.blockedURI} at ${location.pathname}`)));
            }
            const page = extend(await context.newPage(), axe);
            if (SLOWER > 1) {
                await (await context.newCDPSession(page)).send("Emulation.setCPUThrottlingRate", { rate: SLOWER });
            }
            page.expected = [...expect]; // patterns of console errors that this test means to cause
            page.on("console", (message) => {
                const text = message.text();
                const place = message.location()?.url;
                if (message.type() === "error" && !page.expected.some((pattern) => pattern.test(`${text} ${place}`))) {
                    wrong.push(`console: ${text} (${place ?? ""})`);
                }
            });
            page.on("pageerror", (error) => wrong.push(`page error: ${error.stack ?? error}`));
            if (as) {
                await signIn(page, server.url, as);
            }
            await page.goto(new URL(address, server.url).href);
            return page;
        };
        await run({ server, browser, open });
    } catch (error) {
        failed++;
        console.log(`FAIL ${String(error.stack ?? error)}`);
    } finally {
        await close();
    }
    await check("nothing went wrong in the browser", () => equal([...new Set(wrong)], [], "complaints"));
    console.log(`${passed} passed, ${failed} failed`);
    process.exit(failed ? 1 : 0);
}
