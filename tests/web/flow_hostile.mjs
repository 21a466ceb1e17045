// A ledger whose every foreign word is hostile (pages, texts, titles, outlets, names of voices and places, file names,
// addresses), walked through in every view: nothing of it runs, nothing is asked for outside, the layout holds.
import fs from "node:fs";
import http from "node:http";
import os from "node:os";
import path from "node:path";
import { check, equal, flow, ok, okSoon } from "./harness.mjs";

// What stands outside: it answers everybody, and writes down who asked.
const asked = [];
const outside = http.createServer((request, answer) => (asked.push(`outside was asked: ${request.url}`), answer.writeHead(200, { "Access-Control-Allow-Origin": "*" }).end()));
await new Promise((done) => outside.listen(0, "127.0.0.1", done));
outside.unref();
const OUTSIDE = `http://127.0.0.1:${outside.address().port}`;
// Each tells by isnadRan() that it ran, or asks something outside.
const ran = (what) => `isnadRan('${what}')`;
const MARKUP = [
    `<script>${ran("script")}</script>`, `<script src="${OUTSIDE}/script.js"></script>`, `<scr<script>ipt>${ran("nested")}</scr</script>ipt>`,
    `<img src=x onerror="${ran("onerror")}">`, `<img src="${OUTSIDE}/pixel.png">`, `<img srcset="${OUTSIDE}/set.png 2x">`, `<picture><source srcset="${OUTSIDE}/source.png"><img alt=""></picture>`,
    `<body onload="${ran("onload")}">`, `<div onmouseover="${ran("onmouseover")}" onpointerenter=${ran("pointer")}>hover</div>`, `<input autofocus onfocus="${ran("onfocus")}">`,
    `<details open ontoggle="${ran("ontoggle")}"><summary>x</summary></details>`, `<marquee onstart="${ran("onstart")}">x</marquee>`, `<video poster="${OUTSIDE}/poster.png" src="${OUTSIDE}/v.mp4" autoplay onloadstart="${ran("video")}"></video>`,
    `<a href="javascript:${ran("link")}">a link</a>`, `<a href="jAvAsCrIpT&colon;${ran("link2")}">another</a>`, `<a href="${OUTSIDE}/away" target="_top" ping="${OUTSIDE}/ping">away</a>`,
    `<svg onload="${ran("svg")}"><script>${ran("svg script")}</script><animate onbegin="${ran("animate")}" attributeName=x></animate><image href="${OUTSIDE}/svg.png"/><use href="${OUTSIDE}/u.svg#a"/></svg>`,
    `<math><mtext><table><mglyph><style><img src=x onerror="${ran("mutation")}"></style></mglyph></table></mtext></math>`, `<noscript><p title="</noscript><img src=x onerror=${ran("noscript")}>"></noscript>`,
    `<iframe src="${OUTSIDE}/frame.html"></iframe>`, `<iframe srcdoc="<script>parent.${ran("srcdoc")}</script>"></iframe>`, `<iframe src="javascript:parent.${ran("frame")}"></iframe>`, `<frameset onload="${ran("frameset")}"><frame src="${OUTSIDE}/f"></frameset>`,
    `<meta http-equiv="refresh" content="0;url=${OUTSIDE}/refresh">`, `<meta http-equiv="Content-Security-Policy" content="script-src *">`, `<base href="${OUTSIDE}/">`, `<link rel="stylesheet" href="${OUTSIDE}/s.css"><link rel="dns-prefetch" href="${OUTSIDE}"><link rel="preload" as="script" href="${OUTSIDE}/p.js"><link rel="icon" href="${OUTSIDE}/i.ico">`,
    `<object data="${OUTSIDE}/o.swf"></object><embed src="${OUTSIDE}/e.swf"><applet code="x" codebase="${OUTSIDE}"></applet>`,
    `<style>@import url(${OUTSIDE}/import.css); @font-face{font-family:x;src:url(${OUTSIDE}/f.woff)} body{background:url(${OUTSIDE}/bg.png);font-family:x} html::before{content:"";position:fixed;inset:0;z-index:2147483647;background:red}</style>`,
    `<div style="position:fixed;inset:0;z-index:2147483647;background:url(${OUTSIDE}/style.png);width:99999px;height:99999px">cover</div>`,
    `<form action="${OUTSIDE}/form"><button formaction="${OUTSIDE}/button">send</button></form><script>document.forms[0]&&document.forms[0].submit()</script>`, `<template><img src=x onerror="${ran("template")}"></template>`, `<textarea></textarea><img src=x onerror="${ran("textarea")}">`,
    `<xmp><img src=x onerror="${ran("xmp")}"></xmp>`, `<!--><img src=x onerror="${ran("comment")}">-->`, `<![CDATA[<img src=x onerror="${ran("cdata")}">]]>`, `<dialog open style="all:initial;position:fixed;inset:0">dialog</dialog>`, `<portal src="${OUTSIDE}/portal"></portal>`,
];
const QUOTED = [`"><img src=x onerror=${ran("quote")}>`, `'><svg onload=${ran("single")}>`, `{{constructor.constructor("${ran("template words")}")()}}`, "${isnadRan('literal')}", `javascript:${ran("words")}`, `</title></textarea></style></script><script>${ran("closing")}</script>`];
const TURNS = "\u202eturned \u2066around\u2069\u202c";
const LONG = "W".repeat(4000);

const escaped = (text) => text.replace(/&/g, "&amp;").replace(/</g, "&lt;");
const SENTENCE = (name, place, n) => `Shelling of ${place} on Tuesday 13 January 2026 killed ${n} civilians and wounded seven others, ${name} said.`;

function hostilePages() {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "isnad-hostile-"));
    const page = `<!doctype html><html onclick="${ran("html")}"><head><title>${escaped(QUOTED[0])} Nine killed ${TURNS}</title>
<meta property="og:site_name" content='${QUOTED[5]}'><meta name="author" content='<script>${ran("author")}</script>'>
<meta property="article:published_time" content="2026-01-13T18:00:00+03:00"><link rel="canonical" href="${OUTSIDE}/page?%22%3E%3Cscript%3E">
</head><body><article><h1>${escaped(MARKUP[0])} Nine killed in Al-Quriyah ${TURNS}</h1>
${MARKUP.slice(0, 12).join("\n")}
<p>${SENTENCE(escaped(`Dr. ${MARKUP[3]}, director of the town hospital,`), "Al-Quriyah", 9)}</p>
<p>${SENTENCE("a spokesman for the army", `Al-Quriyah ${escaped(QUOTED[0])}`, "five")} ${LONG}</p>
${MARKUP.slice(12).join("\n")}
<p>${"The hospital asked for blood. ".repeat(20)}</p></article></body></html>`;
    fs.writeFileSync(path.join(folder, `"><img src=x onerror=${ran("file")}>.html`), page);
    const payloads = [...MARKUP, ...QUOTED];
    // Six of them a document.
    const rows = payloads.filter((_, i) => i % 6 === 0).map((payload, i) => ({
        id: `doc ${i} ${payload}`, outlet: `${payload} ${TURNS}`, title: `${payload} Killed in Al-Quriyah ${TURNS}`, published: "2026-01-13T20:00:00+03:00",
        url: [`${OUTSIDE}/row/${i}?${payload}`, `javascript:${ran("address")}//${i}`, `data:text/html,<script>${ran("data address")}</script>${i}`][i % 3],
        text: `${SENTENCE(`the director of the ${payloads[6 * i + 1] ?? payload} hospital`, "Al-Quriyah", 3 + (i % 5))}\n\nAccording to ${payloads[6 * i + 2] ?? payload}, a witness, ${i + 1} people were killed in ${payload} on Tuesday 13 January 2026.\n\n${payloads.slice(6 * i, 6 * i + 6).join(" ")} ${TURNS}`,
    }));
    rows.push({ id: "long", outlet: LONG, title: `${LONG} killed`, url: `${OUTSIDE}/${LONG}`, published: "2026-01-13", text: `${"x".repeat(1 << 20)}\n\n${SENTENCE(LONG, "Al-Quriyah", 4)}` });
    fs.writeFileSync(path.join(folder, "rows.jsonl"), rows.map((row) => JSON.stringify(row)).join("\n") + "\n");
    return folder;
}

const folder = hostilePages();
process.on("exit", () => fs.rmSync(folder, { recursive: true, force: true }));

await flow(async ({ open, server }) => {
    const origin = new URL(server.url).origin;
    const seen = [];
    // The frame of an archived page says in the console what it forbade: that is what it is for.
    const expect = [/\/archive/, /sandboxed/, /about:srcdoc/, /429.*events/]; // windows that were closed a moment ago still count as listening
    const page = await open("", { expect });
    await page.context().exposeBinding("isnadRan", (source, what) => seen.push(`ran: ${what} at ${source.page.url()}`));
    // The browser tells of requests that a policy stopped before they were made, too: these are "csp".
    const foreign = (request) => new URL(request.url()).origin !== origin && !/^(data|blob|about):/.test(request.url());
    page.context().on("response", (response) => foreign(response.request()) && seen.push(`answered: ${response.url().slice(0, 200)}`));
    page.context().on("requestfailed", (request) => foreign(request) && request.failure()?.errorText !== "csp" && seen.push(`${request.failure()?.errorText}: ${request.url().slice(0, 200)}`));
    // What is still being asked, but for the stream of events, which never ends.
    const asking = new Set();
    const counts = (request) => !/\/api\/v1\/events/.test(request.url());
    page.on("request", (request) => counts(request) && asking.add(request));
    page.on("requestfinished", (request) => asking.delete(request));
    page.on("requestfailed", (request) => asking.delete(request));
    const idle = async () => {
        for (let quiet = 0, tries = 0; quiet < 3 && tries < 200; tries++) {
            await page.waitForTimeout(40); // three quiet looks after each other
            quiet = asking.size ? 0 : quiet + 1;
        }
    };
    page.on("dialog", (dialog) => (seen.push(`dialog: ${dialog.message()}`), dialog.dismiss()));
    page.on("popup", (popup) => seen.push(`window: ${popup.url()}`));
    const ask = (what) => page.evaluate(async (what) => (await fetch(what)).json(), `${server.url}api/v1/${what}`);

    // What every view has to hold.
    async function holds(what) {
        await idle();
        await page.waitForFunction(() => !document.querySelector("main .state[role=status] .spinner"));
        equal([...seen.splice(0), ...asked.splice(0)], [], what);
        ok(page.url().startsWith(server.url), `${what}: gone to ${page.url()}`);
        const found = await page.evaluate(() => ({
            beyond: document.documentElement.scrollWidth <= innerWidth ? [] : [...document.querySelectorAll("body *")].filter((element) => {
                const box = element.getBoundingClientRect();
                return (box.right > innerWidth + 1 || box.left < -1) && !element.closest("table, .virtual");
            }).slice(0, 6).map((element) => `${element.tagName}.${element.getAttribute("class")} in ${element.parentElement.getAttribute("class")}`),
            wider: document.documentElement.scrollWidth - innerWidth,
            turned: /[\u202a-\u202e\u2066-\u2069]/.test(document.body.innerText),
            made: [...document.querySelectorAll("script:not([src]), iframe:not([sandbox]), object, embed, base:not([href]), [onerror], [onload], meta[http-equiv=refresh], a[href^='javascript:' i], a[href^='data:text' i]")].map((element) => element.outerHTML.slice(0, 120)),
            covered: (() => { const brand = document.querySelector(".brand"); const at = brand?.getBoundingClientRect(); return !!brand && document.elementFromPoint(at.x + at.width / 2, at.y + at.height / 2) !== brand; })(),
        }));
        equal(found, { beyond: [], wider: found.wider > 0 ? 0 : found.wider, turned: false, made: [], covered: false }, what);
    }
    const visit = async (address) => {
        await page.goto(new URL(address, server.url).href);
        await page.locator("h1, .brand").first().waitFor({ state: "attached" });
        await holds(address.slice(0, 60));
    };

    await page.goto(server.url);
    const { incidents } = await ask("incidents?limit=50");
    const { documents } = await ask("documents?limit=100");
    ok(incidents.length > 0 && documents.length > MARKUP.length / 6, `the ledger took it: ${incidents.length} incidents, ${documents.length} documents`);

    await page.setViewportSize({ width: 1280, height: 800 });
    await check("documents: text, archived page, facts", async () => {
        for (const [i, { id }] of documents.filter((one) => one.id !== "long").entries()) {
            const at = `documents/${encodeURIComponent(id)}`;
            await visit(`${at}?view=both&panel=${["facts", "versions", "copies", "claims"][i % 4]}`);
            await okSoon(() => page.frameLocator("iframe.archive-frame").locator("body").count(), "the archived page is shown");
        }
    });
    await check("an archived page that is pressed, typed into and hovered does nothing", async () => {
        const { id } = documents.find((one) => /page\?/.test(one.url ?? "") && !/row/.test(one.url)) ?? documents[0];
        await visit(`documents/${encodeURIComponent(id)}?view=archive`);
        const box = await page.locator("iframe.archive-frame").boundingBox();
        for (let y = 20; y < box.height; y += 40) {
            await page.mouse.click(box.x + 60, box.y + y);
        }
        await page.keyboard.press("Tab");
        await page.keyboard.press("Enter");
        await holds("the archived page");
        await page.picture("hostile-archive");
    });
    await check("one megabyte without a space", async () => {
        await visit("documents/long");
        await page.picture("hostile-long");
        await page.setViewportSize({ width: 390, height: 800 });
        await holds("long and narrow");
        await page.setViewportSize({ width: 1280, height: 800 });
    });
    await check("hovering and pressing what is marked in a hostile text", async () => {
        const { id } = documents.find((one) => one.claims > 1 && one.id !== "long");
        await visit(`documents/${encodeURIComponent(id)}`);
        for (const figure of await page.locator(".article-text .in-count").all()) {
            await figure.hover();
            await figure.click();
        }
        await holds("marks");
        await page.picture("hostile-document");
    });
    await check("the preview of what is added", async () => {
        await visit("add");
        await page.locator("input[type=file]").setInputFiles(fs.readdirSync(folder).filter((name) => name.endsWith(".html")).map((name) => path.join(folder, name)));
        await page.locator(".add-form button[type=submit]").click();
        await page.locator(".preview header").waitFor();
        await holds("preview");
        await page.picture("hostile-add");
    });
    for (const width of [1280, 390]) {
        await page.setViewportSize({ width, height: 800 });
        for (const address of width > 1000 ? ["", "incidents?text=killed", "voices", "review", "compare", "add", "jobs", "report", "admin"] : ["", "voices", "review", "report"]) {
            await check(`${width}: /${address}`, () => visit(address));
        }
        await check(`${width}: incidents, their reports and embedded views`, async () => {
            for (const { id } of incidents.slice(0, width > 1000 ? 3 : 1)) {
                await visit(`incidents/${id}`);
                await visit(`report/incidents/${id}`);
            }
        });
        await check(`${width}: voices`, async () => {
            const { voices = [] } = await ask("voices").catch(() => ({}));
            for (const { key } of voices.slice(0, width > 1000 ? 3 : 1)) {
                await visit(`voices/${encodeURIComponent(key)}`);
            }
        });
    }

    await check("embedded in a foreign frame's place", async () => {
        for (const { id } of incidents.slice(0, 3)) {
            await page.goto(new URL(`embed/incidents/${id}`, server.url).href);
            await idle();
            equal([...seen.splice(0), ...asked.splice(0)], []);
        }
    });
}, { pages: [folder] });
