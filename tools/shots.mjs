// The pictures of docs/img: each view of the workspace, in both languages, over a real server with the invented pages of
// examples/pages and tests/web/pages.
//
//     node tools/shots.mjs [--only WORD] [--out FOLDER]        make shots
//
// The same program makes the same pictures on any day: the browser's clock stands still, and whatever time of today the
// server tells is told as one (NOW); a file is left as it is where the
// new picture would look the same. Each is packed by tools/png.mjs; the last lines say how large they are together.
import fs from "node:fs";
import path from "node:path";
import { browserPath, check, flow, isnad, ok, root } from "../tests/web/harness.mjs";
import { alike, shrink } from "./png.mjs";

const NOW = "2026-11-26T09:30:00Z";
const MOST = 6e6; // bytes of all of them
const given = (name) => (process.argv.includes(name) ? process.argv[process.argv.indexOf(name) + 1] : null);
const only = given("--only") ?? "";
const out = path.resolve(given("--out") ?? path.join(root, "docs/img"));

const RAID = "https://nahr-news.example/2026/01/14/quriyah-fuel-market/";
const documentAt = (query) => `documents/${encodeURIComponent(RAID)}?${query}`;
const TEXT = {
    en: `Three killed by shelling of Al-Quriyah, hospital says
Shells that fell on the town of Al-Quriyah on Monday killed three civilians and injured seven others, the director of the town hospital said.
The army denied that it had shelled the town.`,
    ar: `ثلاثة قتلى بقصف على القورية
قُتل ثلاثة مدنيين وأصيب سبعة آخرون في قصف مدفعي استهدف بلدة القورية يوم الاثنين، بحسب مدير مشفى البلدة.
ونفى الجيش أن يكون قد قصف البلدة.`,
};

// Three records, of which one is cut off.
const WIRE = [3, 5].map((n) => JSON.stringify({ outlet: "Khabur Wire", url: `https://khabur-wire.example/${n}`, language: "en", published: "2026-01-16T09:00:00+03:00", title: `${n} injured in Al-Quriyah`, text: `Shelling of Al-Quriyah on Thursday injured ${n} people, the Civil Defence said. This report is invented.` })).join("\n") + '\n{"outlet": "Khabur Wire", "url": "https://khabur-wire.ex';

const pages = (folder, test) => fs.readdirSync(path.join(root, folder)).filter(test).sort().map((name) => path.join(root, folder, name));
const late = (name) => /toll|post|denial|tine|nahda/.test(name);
const sample = (name) => !/README|mixed/.test(name);
const FIRST = [...pages("examples/pages", (name) => sample(name) && !late(name)), ...pages("tests/web/pages", (name) => sample(name) && !late(name))];
const LATER = [...pages("examples/pages", (name) => sample(name) && late(name)), ...pages("tests/web/pages", (name) => sample(name) && late(name))];

const made = [];

async function keep(name, png) {
    const small = shrink(png);
    const file = path.join(out, name + ".png");
    if (!fs.existsSync(file) || !alike(fs.readFileSync(file), small.bytes)) {
        fs.writeFileSync(file, small.bytes);
    }
    made.push({ name, bytes: small.bytes.length, before: png.length, colours: small.colours, error: small.error });
}

// The first page of a PDF, drawn by the browser's own viewer: taken when it does not change any more and is not blank.
async function firstPage(kind, file) {
    const viewer = await kind.launch({ executablePath: browserPath(), headless: true, args: ["--no-sandbox", "--disable-gpu", "--hide-scrollbars"], ignoreDefaultArgs: ["--disable-component-extensions-with-background-pages", "--disable-extensions"] });
    try {
        const page = await viewer.newPage({ viewport: { width: 856, height: 1200 } });
        await page.goto(`file://${file}#toolbar=0&navpanes=0&view=Fit`);
        for (let before = null, same = 0; ; ) {
            const png = await page.screenshot();
            const next = png.toString("base64");
            same = before === next ? same + 1 : 0;
            before = next;
            if (same > 5 && png.length > 30000) { // a blank page is smaller
                return png;
            }
        }
    } finally {
        await viewer.close();
    }
}

// Times of today become NOW; the browser's own clock stands there too.
async function still(context) {
    await context.addInitScript((now) => {
        const Real = Date;
        globalThis.Date = class extends Real {
            constructor(...given) {
                super(...(given.length ? given : [now]));
            }
            static now() {
                return now;
            }
        };
    }, Date.parse(NOW));
    const today = new Date().toISOString().slice(0, 10);
    const tomorrow = new Date(Date.now() + 864e5).toISOString().slice(0, 10);
    const times = new RegExp(`"(?:${today}|${tomorrow})T\\d\\d:\\d\\d:\\d\\d(?:\\.\\d+)?Z"`, "g");
    await context.route("**/api/v1/**", async (route) => {
        const asked = route.request();
        if (asked.method() !== "GET" || /\/(?:events|archive|capture|map)\b/.test(asked.url())) {
            return route.continue();
        }
        try {
            const answer = await route.fetch();
            const json = /json/.test(answer.headers()["content-type"] ?? "");
            await route.fulfill(json ? { response: answer, body: (await answer.text()).replace(times, `"${NOW}"`) } : { response: answer });
        } catch {
            // the page was closed meanwhile
        }
    });
}

await flow(async ({ open: opened, browser, server }) => {
    fs.mkdirSync(out, { recursive: true });
    const incidents = isnad("export", "--ledger", server.ledger, "--what", "incidents", "--format", "jsonl").split("\n").filter(Boolean).map((line) => JSON.parse(line));
    const night = "incidents/" + incidents.find((one) => one.date === "2026-05-20").id;
    const raid = "incidents/" + incidents.find((one) => one.date === "2026-01-14").id;
    const open = (address, options) => opened(address, { as: "Rima", ...options, prepare: still, expect: [/429.*events/, /Blocked script execution/] });
    const say = (page, what, method, body) => page.evaluate(async ([what, method, body]) => {
        const { csrf } = await (await fetch("api/v1/session")).json();
        const answer = await fetch("api/v1/" + what, { method, headers: { "Content-Type": "application/json", "X-Isnad-CSRF": csrf }, body: JSON.stringify(body) });
        return answer.json();
    }, [what, method, body]);

    // Opens, lets `until` bring the page to what is to be seen, and takes it: the window, or what `of` names.
    const shot = async (name, address, options, until, of = null) => {
        if (!name.includes(only)) {
            return;
        }
        await check(name, async () => {
            const page = await open(address, options);
            const part = await until(page);
            await page.evaluate(() => document.fonts.ready);
            await page.mouse.move(0, 0);
            await page.waitForFunction(() => !document.querySelector(".spinner, .loading, .virtual-waiting, [aria-busy=true]"));
            await keep(name, await (of ? page.locator(of).first() : page).screenshot({ animations: "disabled", caret: "hide", ...(part?.options ?? {}) }));
            await page.context().close();
        });
    };
    const both = async (name, address, options, until, of = null) => {
        for (const language of ["ar", "en"]) {
            await shot(`${name}-${language}`, address, { ...options, ...(options[language] ?? {}), language }, (page) => until(page, language), of);
        }
    };
    const seen = (selector, n = 0) => (page) => page.locator(selector).nth(n).waitFor();
    const whole = { options: { fullPage: true } };

    // Everything is settled once; what came later is what waits for reviewers.
    const nour = await open("account", { as: "Nour" });
    await say(nour, "acts", "POST", { kind: "settle", ids: incidents.map((one) => one.id), values: [], why: "" });
    isnad("add", "--ledger", server.ledger, ...LATER);

    // ---- what is found and read

    const listed = async (page) => {
        await page.locator(".virtual-row").first().waitFor();
        await page.locator(".timeline .bar-all").first().waitFor({ state: "attached" });
        if (page.viewportSize().width > 1000) {
            await page.locator("[data-drawn], .plain-land").first().waitFor({ state: "attached" });
            await page.locator(".map-marks .mark").first().waitFor({ state: "attached" });
            await page.locator(".facet").nth(7).waitFor();
        }
    };
    await both("incidents", "incidents", {}, listed);
    await shot("incidents-dark-en", "incidents", { theme: "dark" }, listed);
    await shot("incidents-narrow-ar", "incidents", { language: "ar", width: 390, height: 844, theme: "dark" }, listed);
    const answered = async (page) => {
        await page.locator(".verdict-line").first().waitFor();
        await page.locator("svg.range").first().waitFor();
    };
    await both("incident", night, {}, answered);
    await shot("incident-narrow-ar", night, { language: "ar", width: 390, height: 844 }, answered);
    await shot("incident-narrow-dark-en", night, { width: 390, height: 844, theme: "dark" }, answered);
    await both("incident-figures", raid, { height: 1500, en: { theme: "dark" } }, answered, ".panel:has(svg.range)");
    await both("incident-chain", night, { ar: { theme: "dark" } }, seen("svg.chain"), ".panel:has(svg.chain)");
    await both("document", documentAt("view=both"), {}, async (page) => {
        await page.locator(".article-text .in-count").first().waitFor();
        await page.frameLocator("iframe.archive-frame").locator("h1").first().waitFor();
    });
    await shot("document-narrow-ar", documentAt(""), { language: "ar", width: 390, height: 844, theme: "dark" }, seen(".article-text .in-count"));
    await both("document-differences", documentAt("panel=copies"), { en: { theme: "dark" } }, async (page) => {
        await page.locator(".doc-entry > a").first().click();
        await page.locator(".compare-row.is-same").first().waitFor();
    });

    // ---- what reviewers do

    const cased = async (page) => {
        await page.locator(".queue-item").first().waitFor();
        await page.locator(".case-claim").first().waitFor();
    };
    await both("review", "review", { ar: { theme: "dark" } }, cased);
    await shot("review-narrow-en", "review", { width: 390, height: 844 }, async (page) => {
        await page.locator(".queue-item").first().click();
        await page.locator(".case-claim").first().waitFor();
    });
    await say(nour, "settings", "PATCH", { two_reviewers: ["settle", "merge"] });
    const first = await open("review", {});
    await say(first, "acts", "POST", { kind: "settle", ids: [night.split("/")[1]], values: [], why: "both hospitals were asked" });
    await first.context().close();
    await both("proposals", "review?reason=proposal", { as: "Omar" }, seen(".proposal"));
    await both("voices", "voices", { ar: { theme: "dark" } }, seen(".voice-row"));
    const voice = await nour.evaluate(async () => (await fetch("api/v1/voices?order=claims")).json());
    await both("voice", `voices/${voice.voices[0].key}`, {}, seen(".voice-incident"));
    await both("compare", `compare?by=outlet&a=${encodeURIComponent("نهر نيوز")}&b=${encodeURIComponent("Levant Ledger")}`, { en: { theme: "dark" } }, seen(".compare-answer"));

    // ---- what is put in and taken out

    await both("add", "add?by=text", { ar: { theme: "dark" } }, async (page, language) => {
        await page.locator("textarea").fill(TEXT[language]);
        await page.locator("input[type=date]").fill("2026-01-13");
        await page.locator(".add-form button[type=submit]").click();
        await page.locator(".preview .claim").first().waitFor();
        return whole;
    });
    const adds = await open("add", {});
    const job = await say(adds, "jobs", "POST", { uploads: [], urls: [], text: TEXT.en + "\n" });
    await adds.waitForFunction(async (id) => /done|failed/.test((await (await fetch("api/v1/jobs/" + id)).json()).state), job.id);
    await adds.evaluate(async (text) => {
        const { csrf } = await (await fetch("api/v1/session")).json();
        const sent = await fetch("api/v1/uploads?name=wire.jsonl", { method: "POST", headers: { "Content-Type": "application/octet-stream", "X-Isnad-CSRF": csrf }, body: text });
        const { upload } = await sent.json();
        const made = await fetch("api/v1/jobs", { method: "POST", headers: { "Content-Type": "application/json", "X-Isnad-CSRF": csrf }, body: JSON.stringify({ uploads: [upload], urls: [] }) });
        const { id } = await made.json();
        while (!/done|failed/.test((await (await fetch("api/v1/jobs/" + id)).json()).state)) {
            await new Promise((next) => requestAnimationFrame(next));
        }
    }, WIRE);
    await adds.context().close();
    await both("imports", "jobs", { height: 560 }, seen(".job", 1));
    for (const language of ["ar", "en"]) {
        if (`report-${language}`.includes(only)) {
            await check(`report-${language}`, async () => {
                const page = await open("report/" + night, { language });
                await page.locator("[data-ready]").waitFor();
                const file = path.join(server.folder, `report-${language}.pdf`);
                fs.writeFileSync(file, await page.pdf({ preferCSSPageSize: true }));
                await page.context().close();
                await keep(`report-${language}`, await firstPage(browser.browserType(), file));
            });
        }
    }
    await say(nour, "settings", "PATCH", { two_reviewers: [], public: true });
    await both("embed", "embed/" + night, { as: null, width: 680, height: 560 }, answered);
    await both("login", "login", { as: null, en: { theme: "dark" } }, seen("main input"));
    await shot("admin-users-en", "admin", { as: "Nour" }, seen("main table tbody tr", 2));
    await shot("admin-audit-ar", "admin", { as: "Nour", language: "ar" }, async (page) => {
        await page.getByRole("tab", { name: "السجل" }).click();
        await page.locator(".audit-row").nth(5).waitFor();
    });
    await nour.context().close();

    const bytes = made.reduce((sum, one) => sum + one.bytes, 0);
    const before = made.reduce((sum, one) => sum + one.before, 0);
    console.log(made.map((one) => `${String(one.bytes).padStart(8)} ${one.name} (${one.colours} colours${one.bytes === one.before ? ", kept" : ""}, mean error ${one.error.toFixed(2)})`).join("\n"));
    console.log(`${made.length} pictures, ${(bytes / 1e6).toFixed(2)} MB (${(before / 1e6).toFixed(2)} MB as the browser made them)`);
    ok(bytes < MOST, "they are larger than they should be");
}, { pages: FIRST, accounts: { Nour: "admin", Rima: "reviewer", Omar: "reviewer", Sami: "reader" } });
