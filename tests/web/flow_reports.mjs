// What goes out: the page for paper and the PDF that the browser makes of it, charts as SVG and PNG, exports and bundles
// by a click, and the small view in a foreign page's frame.
import fs from "node:fs";
import http from "node:http";
import path from "node:path";
import { check, equal, flow, isnad, ok, pairs, root } from "./harness.mjs";
import { pagesOf } from "./pdf.mjs";

const plain = (text) => text.replace(/[\u2066-\u2069\u200e\u200f]/g, "").replace(/\s+/g, " ").trim();
const close = (text) => text.normalize("NFKC").replace(/[\s\u200c-\u200f]/g, "");
// Right-to-left text stands in a PDF as it is seen, from left to right.
const turned = (text) => [...text.replace(/\s/g, "")].reverse().join("").normalize("NFKC");

async function paper(view, name) {
    await view.locator("[data-ready]").waitFor();
    const bytes = await view.pdf({ preferCSSPageSize: true });
    if (process.env.ISNAD_PICTURES) {
        fs.mkdirSync(process.env.ISNAD_PICTURES, { recursive: true });
        fs.writeFileSync(path.join(process.env.ISNAD_PICTURES, name + ".pdf"), bytes);
    }
    return pagesOf(bytes);
}

async function saved(view, item) {
    const [download] = await Promise.all([view.waitForEvent("download"), item.click()]);
    return { name: download.suggestedFilename(), bytes: fs.readFileSync(await download.path()) };
}

// Another site: a page of its own origin that frames the workspace.
function foreignSite(address) {
    const page = `<!doctype html><title>Elsewhere</title><h1>Elsewhere</h1><iframe id="frame" width="700" height="600" src="${address}"></iframe>`;
    const site = http.createServer((_, response) => response.writeHead(200, { "Content-Type": "text/html" }).end(page));
    return new Promise((ready) => site.listen(0, "127.0.0.1", () => ready({ url: `http://localhost:${site.address().port}/`, close: () => site.close() })));
}

await flow(async ({ open, server }) => {
    const night = isnad("export", "--ledger", server.ledger, "--what", "incidents", "--format", "jsonl").split("\n").filter(Boolean).map((line) => JSON.parse(line)).find((one) => one.date === "2026-05-20");
    const at = `incidents/${night.id}`;

    for (const [language, theme, width] of pairs([["en", "dark", 1280], ["ar", "light", 1280], ["ar", "dark", 390], ["en", "light", 390]])) {
        await check(`the report stands: ${language}, ${theme}, ${width}`, async () => {
            const view = await open("report/" + at, { as: "Rima", language, theme, width });
            await view.locator("[data-ready]").waitFor();
            const words = plain(await view.locator(".report-sheet").innerText());
            ok(words.includes("SHA-256") && words.includes("range/1") && words.includes("https://samra-press.example/2026/05/21/nyala"), words.slice(0, 2000));
            await view.audit(`report ${language} ${theme} ${width}`);
            await view.picture(`report-${language}-${width}`, { fullPage: true });
            await view.context().close();
        });
    }

    await check("the PDF: A4, its words can be taken out, Arabic shaped and from right to left", async () => {
        const english = await paper(await open("report/" + at, { as: "Rima" }), "report-en");
        ok(english.length >= 2 && english.every((page) => Math.round(page.width) === 595 && Math.round(page.height) === 842), "A4");
        const text = close(english.map((page) => page.text).join(""));
        ok(text.includes(close("17 killed: told in 5 reports, by 2 independent voices")), "the answer");
        ok(text.includes("samra-press.example/2026/05/21/nyala") && text.includes("SHA-256"), "the sources");
        ok(!text.includes(close("Print, or save as PDF")), "without the page's own buttons");
        const arabic = await paper(await open("report/" + at, { as: "Rima", language: "ar" }), "report-ar");
        const seen = arabic.map((page) => page.text).join("");
        ok(/[\ufe70-\ufefc]/.test(seen), "letters have the forms of their places");
        const read = turned(seen);
        for (const words of ["عن صوتين مستقلين", "الدفاع المدني", "أين تختلف الأصوات"]) {
            ok(read.includes(close(words)), words);
        }
    });

    await check("the report of a search", async () => {
        for (const language of ["en", "ar"]) {
            const view = await open("report?from=2026-05-01&to=2026-06-30", { as: "Rima", language });
            await view.locator("[data-ready]").waitFor();
            equal(await view.locator(".report-sheet tbody tr").count(), 1);
            await view.audit("the report of a search");
            await view.picture(`report-search-${language}`, { fullPage: true });
            const pages = await paper(view, `search-${language}`);
            equal(pages.length, 1);
            await view.context().close();
        }
    });

    await check("each chart is saved as SVG and PNG, by itself whole", async () => {
        for (const [language, save, svg, png] of [["en", "Save", "As SVG", "As PNG"], ["ar", "حفظ", "بصيغة SVG", "بصيغة PNG"]]) {
            const view = await open(at, { as: "Rima", language, theme: "dark" });
            for (const [drawing, words] of [[".figures", language === "en" ? "17" : "١٧"], [".chain-panel", "The Marram Post"]]) {
                await view.locator(`${drawing} svg[role=group]`).first().waitFor();
                await view.locator(drawing).getByRole("button", { name: save }).click();
                const vector = await saved(view, view.getByRole("menuitem", { name: svg }));
                const text = vector.bytes.toString("utf8");
                ok(/^isnad-i-.*\.svg$/.test(vector.name) && text.includes(words), vector.name);
                ok(!/class=|style=|href=|var\(|<script/.test(text), "it needs nothing from outside");
                ok(/<title>/.test(text) && text.includes("2026") | text.includes("٢٠٢٦"), "a title and a source");
                if (process.env.ISNAD_PICTURES) {
                    fs.writeFileSync(path.join(process.env.ISNAD_PICTURES, `saved-${language}-${drawing.slice(1)}.svg`), text);
                }
                await view.locator(drawing).getByRole("button", { name: save }).click();
                const picture = await saved(view, view.getByRole("menuitem", { name: png }));
                equal([...picture.bytes.subarray(0, 4)], [0x89, 0x50, 0x4e, 0x47]);
                ok(picture.bytes.readUInt32BE(16) > 800 && picture.bytes.length > 8000, "as large as print needs");
                if (process.env.ISNAD_PICTURES) {
                    fs.writeFileSync(path.join(process.env.ISNAD_PICTURES, `saved-${language}-${drawing.slice(1)}.png`), picture.bytes);
                }
            }
            await view.context().close();
        }
    });

    await check("every export and the bundle come by a click", async () => {
        const view = await open(at, { as: "Rima", expect: [/409/] });
        await view.getByRole("button", { name: "Export" }).click();
        await view.audit("the menu of exports");
        await view.picture("export-menu");
        const links = await view.locator("a[role=menuitem]").evaluateAll((items) => items.map((item) => item.href));
        equal(links.length, 12);
        for (const link of links) {
            const answer = await view.request.get(link);
            ok(answer.status() === 200 && /attachment/.test(answer.headers()["content-disposition"]) && (await answer.body()).length > 50, `${link}: ${answer.status()}`);
        }
        const bundle = async () => {
            if (!(await view.getByRole("menuitem", { name: /Bundle of evidence/ }).count())) {
                await view.getByRole("button", { name: "Export" }).click();
            }
            await view.getByRole("menuitem", { name: /Bundle of evidence/ }).click();
        };
        await bundle(); // nobody has signed the log: it is said, not saved
        await view.locator(".toast.wrong", { hasText: "signed" }).waitFor();
        const key = path.join(server.folder, "key.pem");
        isnad("key", "new", "--key", key);
        isnad("head", "--ledger", server.ledger, "--key", key);
        const [download] = await Promise.all([view.waitForEvent("download"), bundle()]);
        ok(/\.wacz$/.test(download.suggestedFilename()) && fs.readFileSync(await download.path()).subarray(0, 2).toString() === "PK", download.suggestedFilename());
        await view.context().close();
    });

    await check("a foreign page may show the small view only while the ledger is public", async () => {
        const admin = await open("account", { as: "Adam" });
        const setPublic = (on) => admin.evaluate(async (value) => {
            const { csrf } = await (await fetch("api/v1/session")).json();
            return (await fetch("api/v1/settings", { method: "PATCH", headers: { "Content-Type": "application/json", "X-Isnad-CSRF": csrf }, body: JSON.stringify({ public: value }) })).status;
        }, on);
        const site = await foreignSite(new URL("embed/" + at, server.url).href);
        try {
            const headers = (await admin.request.get(new URL("embed/" + at, server.url).href)).headers();
            ok(/frame-ancestors 'none'|frame-ancestors 'self'/.test(headers["content-security-policy"]) || headers["x-frame-options"], "closed: no frame");
            equal(await setPublic(true), 200);
            const outside = await open(site.url, { language: "ar", width: 760 });
            const frame = outside.frameLocator("#frame");
            await frame.locator(".verdict-line").first().waitFor();
            ok(plain(await frame.locator(".verdict-line").first().innerText()).includes("عن صوتين مستقلين"), "the answer in the frame");
            await frame.locator("svg.range").first().waitFor();
            equal(await frame.locator("header.bar, .account-button, input").count(), 0, "nothing of an account");
            await outside.picture("embed-framed");
            await outside.context().close();
            const view = await open("embed/" + at, { width: 640 });
            await view.locator("svg.range").first().waitFor();
            await view.audit("the small view");
            await view.picture("embed-en");
            await view.context().close();
        } finally {
            site.close();
            await setPublic(false);
        }
        await admin.context().close();
    });
}, { pages: [path.join(root, "tests/web/pages")], accounts: { Rima: "reviewer", Adam: "admin" } });
