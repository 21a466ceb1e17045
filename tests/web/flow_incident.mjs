// One incident: the night of five reports (tests/web/pages/night-*), of which four pass on one word. Who opens its page is
// told on the first screen how many independent voices stand behind "17 killed" and who denies it; then why. And a story
// that forty outlets carry, which must stay legible.
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { check, equal, equalSoon, flow, isnad, ok, okSoon, pairs, root } from "./harness.mjs";

// ---- a word that forty outlets carry, made here: eight print it as it is, the others pass it on in their own words

const OUTLETS = ["Jazira", "Khabur", "Badia", "Tadmur", "Orontes", "Qalamoun", "Hauran", "Ghab", "Sajur", "Balikh", "Sinjar", "Zab", "Diyala", "Anbar", "Hit", "Rawa", "Mosul",
    "Nineveh", "Tigris", "Kirkuk", "Urfa", "Mardin", "Aleppo", "Homs", "Hama", "Latakia", "Tartus", "Daraa", "Bosra", "Suwayda", "Quneitra", "Rutba", "Basra", "Amara", "Kut",
    "Najaf", "Samawa", "Ramadi", "Haditha", "Ana"];
const COPIES = 8;

const page = (outlet, file, hour, body) => `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><meta name="isnad-sample" content="invented">
<title>Nine killed in Al Mayadin | ${outlet}</title><link rel="canonical" href="https://${file}.example/1"><meta property="og:site_name" content="${outlet}">
<meta property="article:published_time" content="2026-06-02T${hour}:00+03:00"></head><body><article><h1>Nine killed in Al Mayadin</h1>${body}</article></body></html>`;

function manyOutlets() {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "isnad-many-"));
    const put = (name, text) => fs.writeFileSync(path.join(folder, name + ".html"), text);
    const wire = `<p>At least nine civilians were killed and about 20 wounded in shelling that hit the town of Al Mayadin in Deir ez-Zor on Monday evening, the Civil Defence said.</p>
<p>Rescue teams worked through the night to reach families in the eastern quarter, where three houses had collapsed, and said the search would go on until all were accounted for.</p>
<p>A doctor at Al Mayadin hospital said the hospital had received between seven and eight dead.</p>`;
    put("wire", page("Furat Wire", "furat-wire", "07:00", wire));
    OUTLETS.forEach((name, i) => {
        const own = `<p>Furat Wire reported, quoting the Civil Defence, that at least nine civilians were killed and about 20 wounded in shelling that hit the town of Al Mayadin in Deir ez-Zor on Monday evening.</p>
<p>The ${name} newsroom could not reach anyone in the town; its correspondent number ${i} wrote from ${OUTLETS[(i * 7) % OUTLETS.length]} that the roads were closed.</p>`;
        const hour = `${String(8 + (i >> 2)).padStart(2, "0")}:${String((i % 4) * 15).padStart(2, "0")}`;
        put(`relay-${i}`, page(`${name} Daily`, `${name.toLowerCase()}-daily`, hour, i < COPIES ? wire : own));
    });
    // An outlet and a title that would be markup, and turn what stands after them around.
    const evil = "&lt;img src=x onerror=&quot;document.body.remove()&quot;&gt;\u202eliveD Daily";
    put("evil", page(evil, "evil", "07:00", "<p>Six people were killed in an air strike on the city of Tadmur in Homs, a \u202edoctor said.</p><p>The strike hit a bakery.</p>").replaceAll("2026-06-02", "2026-07-02"));
    return folder;
}

// ---- one night whose figures changed: who told 17 raised it later, who denies losses tells of some, a total and a part stand in one report

function changedNight() {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "isnad-changed-"));
    const put = (name, outlet, time, body) => fs.writeFileSync(path.join(folder, name + ".html"), `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><meta name="isnad-sample" content="invented">
<title>Air strikes on Al Mayadin | ${outlet}</title><link rel="canonical" href="https://${name}.example/1"><meta property="og:site_name" content="${outlet}">
<meta property="article:published_time" content="${time}:00+03:00"></head><body><article><h1>Air strikes on Al Mayadin</h1>${body}</article></body></html>`);
    const where = "the town of Al Mayadin in Deir ez-Zor early on Wednesday";
    put("steppe-monitor", "Steppe Post", "2026-08-05T09:00", `<p>At least 17 fighters were killed in air strikes on ${where}, the Steppe Observatory for Human Rights said.</p>
<p>Residents spoke of a night of explosions along the river road and of windows broken as far as the grain silos.</p>`);
    put("steppe-security", "Canal Herald", "2026-08-05T11:00", `<p>Air strikes hit ${where}. Security sources said that at least 17 fighters were killed.</p>
<p>The market stayed shut in the morning and the bridge was open to trucks alone, our correspondent wrote.</p>`);
    put("steppe-hospital", "Ford Radio", "2026-08-05T12:00", `<p>A medical source said that 19 people were wounded in the air strikes that hit ${where}.</p>
<p>The medical source said that seven wounded fighters were taken to a clinic across the border.</p><p>Blood donors queued at the gate until noon.</p>`);
    put("steppe-later", "Reed Gazette", "2026-08-06T08:00", `<p>The Steppe Observatory for Human Rights said on Thursday that at least 23 fighters were killed in the air strikes on ${where}, raising its toll.</p>
<p>Funerals were held in four villages, and shops in the old quarter opened again.</p>`);
    put("steppe-army", "Tower Radio", "2026-08-06T09:00", `<p>The army denied that there were any casualties at the positions of its allies in the air strikes on ${where}.</p>
<p>The army said that one soldier was killed and five were wounded inside the town.</p><p>It announced repairs of the water main.</p>`);
    return folder;
}

// ---- what a person looks for

const incidentOn = (server, day) => isnad("export", "--ledger", server.ledger, "--what", "incidents", "--format", "jsonl").split("\n").filter(Boolean).map((line) => JSON.parse(line)).find((one) => one.date === day);

// Words that cover other words, in a drawing.
const overlaps = (page, drawing) => page.locator(drawing).first().evaluate((svg) => {
    const boxes = [...svg.querySelectorAll("text")].filter((text) => text.textContent.trim()).map((text) => ({ words: text.textContent, box: text.getBoundingClientRect() }));
    const meet = (a, b) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1 && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 6; // a line's box is taller than its letters
    return boxes.flatMap((a, i) => boxes.slice(i + 1).filter((b) => meet(a.box, b.box)).map((b) => `${a.words} / ${b.words}`));
});

// Words that stand outside their drawing.
const cut = (page, drawing) => page.locator(drawing).first().evaluate((svg) => {
    const whole = svg.getBoundingClientRect();
    return [...svg.querySelectorAll("text")].filter((text) => text.textContent.trim() && (text.getBoundingClientRect().left < whole.left - 1 || text.getBoundingClientRect().right > whole.right + 1)).map((text) => text.textContent);
});

const ANSWER = {
    en: { line: "17 killed: told in 5 reports, by 2 independent voices", denial: "denies that any civilians were killed", first: "at first 12 killed" },
    ar: { line: "١٧ قتيلاً: ورد ذلك في ٥ تقارير، عن صوتين مستقلين", denial: "نفي من وزارة الدفاع السودانية لسقوط أي قتلى من المدنيين", first: "في البداية ١٢ قتيلاً" },
};

const CHANGED = {
    en: { line: "at least 17 combatants killed: told in 2 reports, by 2 independent voices, 1 of which later changed it", later: "the Steppe Observatory for Human Rights later at least 23 combatants killed",
        first: "at first at least 17 combatants killed", denial: "The army denies losses, yet tells of 1 combatant killed and 5 combatants injured (military)", sentence: "The sentence of this denial",
        absolute: /denies any/, denies: "denies", old: "at least 17", beside: "7 combatants injured beside its figure, in the same report", stands: "its last word" },
    ar: { line: "١٧ قتيلاً من المقاتلين على الأقل: ورد ذلك في تقريرين، عن صوتين مستقلين، وغيّره لاحقاً صوت واحد", later: "the Steppe Observatory for Human Rights ثم ٢٣ قتيلاً من المقاتلين على الأقل",
        first: "في البداية ١٧ قتيلاً من المقاتلين على الأقل", denial: "نفي من The army لوقوع خسائر بشرية، مع ذكر هذه الأرقام: قتيل واحد من المقاتلين و٥ جرحى من المقاتلين (جهة عسكرية)", sentence: "جملة هذا النفي",
        absolute: /لسقوط أي|نفي تام/, denies: "نفي", old: "١٧ على الأقل", beside: "٧ جرحى من المقاتلين إلى جانب رقمه، في التقرير نفسه", stands: "آخر كلامه" },
};

const plain = (text) => text.replace(/[\u2066-\u2069\u200e\u200f]/g, "").replace(/\s+/g, " ").trim();
const many = manyOutlets();
const changed = changedNight();
process.on("exit", () => [many, changed].forEach((folder) => fs.rmSync(folder, { recursive: true, force: true })));

// Pages are opened faster here than the server notices that those before them were closed: past 16 of one person it tells
// no more events for a while, and the page asks again later.
const BUSY = /429.*\/api\/v1\/events/;

await flow(async ({ open: opened, server }) => {
    const open = (address, options = {}) => opened(address, { ...options, expect: [BUSY, ...(options.expect ?? [])] });
    const night = incidentOn(server, "2026-05-20");
    const crowd = incidentOn(server, "2026-06-01");
    const turned = incidentOn(server, "2026-08-05");
    const at = `incidents/${night.id}`;

    await check("the night is one incident of five reports", () => equal([night.documents.length, night.voices.independent], [5, 4]));

    for (const [language, theme, width] of pairs()) {
        await check(`the first screen answers: ${language}, ${theme}, ${width}`, async () => {
            const view = await open(at, { language, theme, width, height: width > 600 ? 800 : 844 });
            const line = view.locator(".verdict-line").first();
            await line.waitFor();
            equal(plain(await line.innerText()), ANSWER[language].line);
            const denial = view.locator(".verdict-denial").first();
            ok(plain(await denial.innerText()).includes(ANSWER[language].denial), "who denies it");
            ok(plain(await view.locator(".verdict-voices").first().innerText()).includes(ANSWER[language].first), "that a figure was changed");
            const box = await denial.boundingBox();
            ok(box.y + box.height < (width > 600 ? 800 : 844 - 56), "it stands on the first screen");
            await view.locator("svg.range").first().waitFor();
            await equalSoon(() => overlaps(view, "svg.range"), [], "words of the chart that meet");
            await equalSoon(() => cut(view, "svg.range"), [], "words outside the chart");
            await view.locator("mark").first().waitFor();
            await view.picture(`incident-${language}-${theme}-${width}`, { fullPage: true });
            await view.audit(`${language} ${theme} ${width}`);
            await view.context().close();
        });
    }

    for (const [language, theme, width] of pairs()) {
        await check(`who told a figure before, and who denies some and tells some: ${language}, ${theme}, ${width}`, async () => {
            const words = CHANGED[language];
            const view = await open(`incidents/${turned.id}`, { language, theme, width });
            const killed = view.locator(".verdict-effect.effect-killed");
            await killed.waitFor();
            equal(plain(await killed.locator(".verdict-line").innerText()), words.line);
            ok(plain(await killed.locator(".verdict-voices").innerText()).includes(words.later), "by its name, with what it said later");
            ok(plain(await killed.locator(".verdict-others").innerText()).includes(words.first), "the new figure tells of the one before");
            const denial = killed.locator(".verdict-denial").first();
            ok(plain(await denial.innerText()).startsWith(words.denial), plain(await denial.innerText()));
            const quote = denial.locator("blockquote");
            equal(await quote.isVisible(), false, "the sentence is folded");
            await denial.getByText(words.sentence).click();
            ok((await quote.innerText()).includes("at the positions of its allies"), "the sentence of the denial");
            const chart = view.locator("svg.range").first();
            await chart.waitFor();
            ok(!words.absolute.test(plain(await view.locator("#app").innerText())), "nothing says that it denies any");
            equal((await chart.locator(".range-words.denied").allTextContents()).map(plain), [words.denies]);
            equal((await chart.locator(".range-old").allTextContents()).map(plain), [words.old]);
            await equalSoon(() => overlaps(view, "svg.range"), [], "words of the chart that meet");
            const hospital = plain(await view.locator("#voice-3").innerText());
            ok(hospital.includes(words.beside) && !hospital.includes(words.stands), hospital);
            ok(plain(await view.locator("#voice-1").innerText()).includes(words.stands), "who changed a figure has a last word");
            await view.picture(`changed-${language}-${theme}-${width}`, { fullPage: true });
            await view.audit(`changed ${language} ${theme} ${width}`);
            await view.context().close();
        });
    }

    await check("the scale runs as one reads", async () => {
        for (const [language, sign] of [["en", 1], ["ar", -1]]) {
            const view = await open(at, { language });
            await view.locator("svg.range").first().waitFor();
            const xs = await view.locator("svg.range .range-tick").evaluateAll((ticks) => ticks.map((tick) => Number(tick.getAttribute("x"))));
            ok(xs.length >= 3 && xs.every((x, i) => !i || Math.sign(x - xs[i - 1]) === sign), `${language}: ${xs}`);
            await view.context().close();
        }
    });

    await check("why this estimate: the rule and the claims, and back again", async () => {
        const view = await open(at);
        const why = view.getByRole("button", { name: "Why this estimate? Killed" });
        await why.click();
        const dialog = view.getByRole("dialog");
        ok((await dialog.innerText()).includes("From the lowest to the highest"), "the rule");
        equal(await dialog.locator(".bound").first().locator("li").count(), 5, "claims behind the lowest");
        await view.audit("the dialog is open");
        await view.keyboard.press("Escape");
        await okSoon(() => why.evaluate((button) => button === document.activeElement), "the focus is back");
        await view.context().close();
    });

    await check("pointing at a voice lights it up everywhere", async () => {
        const view = await open(at);
        await view.locator("svg.range [data-voice='2']").hover();
        await view.locator("article.voice.pointed[data-voice='2']").waitFor({ state: "attached" });
        await view.locator(".chain-node.dim").first().waitFor({ state: "attached" }); // the others step back in the chain
        await view.locator("svg.range [data-voice='2']").focus();
        await view.keyboard.press("Enter");
        await view.waitForFunction(() => document.activeElement?.id === "voice-2");
        await view.context().close();
    });

    await check("each kind of harm has its chart, and the chart its table", async () => {
        const view = await open(at);
        await view.getByRole("tab", { name: "Killed" }).focus();
        await view.keyboard.press("ArrowRight");
        await view.locator("svg.range[aria-label^=Injured]").waitFor();
        await view.getByText("As a table").click();
        const table = view.locator("details.as-table table");
        ok(plain(await table.innerText()).includes("at least 34"), "the open end in words");
        equal(await table.locator("tbody tr").count(), 3);
        await view.audit("the table is open");
        await view.context().close();
    });

    await check("where the voices part is told in sentences", async () => {
        for (const [language, count] of [["en", "3 different figures are told of how many were injured"], ["ar", "يختلف القول في عدد الجرحى على ٣ أرقام"]]) {
            const view = await open(at, { language });
            const words = plain(await view.locator(".apart").innerText());
            ok(words.includes(count) && words.includes(ANSWER[language].denial), words);
            await view.context().close();
        }
    });

    await check("a sentence is marked where the figure stands, behind an emoji and harakat, and leads to the report", async () => {
        const view = await open(at);
        const first = view.locator("#voice-1 .saying").first();
        await first.locator("mark").first().waitFor();
        await equalSoon(() => first.locator("mark").allInnerTexts(), ["17 شخصاً", "30 آخرون"]);
        equal(await first.locator("blockquote").evaluate((quote) => [quote.dir, quote.lang]), ["rtl", "ar"]);
        const link = first.locator("a.read-link");
        ok(/documents\/https%3A%2F%2Fsamra-press.*claim=c-/.test(await link.getAttribute("href")), "to the claim in its document");
        await link.click();
        await view.waitForURL("**/documents/**claim=**");
        await view.locator(".article-text").waitFor();
        await view.goBack();
        await view.locator("#voice-1").waitFor();
        await view.waitForFunction(() => { const { top } = document.querySelector("#voice-1").getBoundingClientRect(); return top > -800 && top < innerHeight; }); // where one was
        await view.context().close();
    });

    await check("the chain: told, relayed, copied; the copies open by keyboard", async () => {
        const view = await open(at);
        const chain = view.locator("svg.chain").first();
        await chain.waitFor();
        equal(await chain.locator(".how-relayed").count(), 1, "relayed");
        equal(await chain.locator(".how-copied").count(), 0, "copies are folded");
        const stack = chain.getByRole("button", { name: "1 copy of سمرا برس" });
        await stack.focus();
        await view.keyboard.press("Enter");
        await chain.getByRole("link", { name: /وادي هور/ }).waitFor();
        await okSoon(() => chain.locator(".how-copied").count(), "the copy has its road");
        await equalSoon(() => overlaps(view, "svg.chain"), [], "words of the chain that meet");
        await view.audit("the copies are open");
        await view.picture("chain-open");
        const order = await chain.locator("a").evaluateAll((links) => links.map((link) => link.querySelector("rect").getBoundingClientRect().left));
        ok(order.every((x, i) => !i || x >= order[i - 1] - 130), "from first tellers to outlets");
        const stripes = await chain.evaluate((svg) => {
            const ends = [...svg.querySelectorAll(".chain-road")].map((road) => {
                const path = road.querySelector("path");
                const { x, y } = path.getPointAtLength(path.getTotalLength());
                return { x, y, colour: road.style.stroke };
            });
            return [...svg.querySelectorAll(".chain-node")].map((node) => {
                const box = node.querySelector(".chain-box").getBBox();
                const reach = ends.filter((end) => Math.abs(end.x - box.x) < 12 && end.y > box.y && end.y < box.y + box.height).sort((a, b) => a.y - b.y);
                return [[...node.querySelectorAll("rect[width='4']")].map((rect) => rect.style.fill), [...new Set(reach.map((end) => end.colour))]];
            }).filter(([drawn, come]) => drawn.length > 1 && come.length === drawn.length);
        });
        ok(stripes.length, "an outlet that several voices reach");
        equal(stripes.map(([drawn]) => drawn), stripes.map(([, come]) => come), "stripes stand in the order of the roads");
        await view.context().close();
    });

    await check("the chain runs from the right in Arabic, and as a list where there is no room", async () => {
        const wide = await open(at, { language: "ar" });
        await wide.locator("svg.chain").first().waitFor();
        const [teller, outlet] = await wide.evaluate(() => [".chain-box.is-voice", ".chain-box.is-document"].map((kind) => document.querySelector(kind).getBoundingClientRect().left));
        ok(teller > outlet, "tellers stand at the right");
        await wide.getByRole("button", { name: "قائمة" }).click();
        await wide.locator(".chain-list").waitFor();
        await wide.audit("the list");
        await wide.context().close();
        const narrow = await open(at, { language: "ar", width: 390 });
        await narrow.locator(".chain-list").waitFor();
        equal(await narrow.locator("svg.chain[role=group]").count(), 0, "no drawing on a narrow screen");
        await narrow.context().close();
    });

    await check("a voice is shown from its name on, below the bar", async () => {
        for (const [language, theme, width] of pairs([["ar", "light", 390], ["en", "dark", 1280]])) {
            const view = await open(at, { language, theme, width, height: 500 });
            const card = view.locator("article.voice", { has: view.locator(".saying:nth-child(2)") }).first();
            const voice = await card.getAttribute("data-voice");
            await view.locator(`.voice-name[data-voice='${voice}'] a`).first().click();
            await view.waitForFunction((id) => document.activeElement?.id === id, `voice-${voice}`);
            const edges = () => card.evaluate((element) => element.querySelector("h3").getBoundingClientRect().top - document.querySelector(".bar").getBoundingClientRect().bottom);
            await okSoon(async () => (await edges()) >= 0 && (await edges()) < 300, `${language}: its name is seen`);
            await view.context().close();
        }
    });

    await check("what scrolls under a pointer at rest does not step back", async () => {
        const view = await open(at);
        const row = view.locator("svg.range [data-voice='2']");
        await row.waitFor();
        await row.evaluate((element) => scrollTo(0, element.getBoundingClientRect().top - 650));
        await view.locator("svg.chain").first().waitFor();
        const box = await row.boundingBox();
        await view.mouse.move(box.x + 40, box.y + box.height / 2 - 250);
        await row.evaluate((element) => element.addEventListener("pointerenter", () => (element.dataset.entered = "yes")));
        const before = await view.evaluate(() => scrollY);
        await view.mouse.wheel(0, 250);
        await view.waitForFunction((was) => scrollY > was + 240, before);
        await view.waitForFunction(() => document.querySelector("svg.range [data-voice='2']").dataset.entered);
        equal(await view.locator(".dim").count(), 0, "nothing is faint");
        await view.mouse.move(box.x + 44, box.y + box.height / 2 - 250);
        await view.locator(".range-row.dim").first().waitFor({ state: "attached" });
        await view.audit("the others are faint");
        await view.context().close();
    });

    await check("what is undone and what was done are said in words", async () => {
        for (const [language, undo, change] of [["en", /^Undo: correction \(18 killed\)$/, /from 17 killed to 18 killed, in /], ["ar", /^تراجع: التصحيح \(١٨ قتيلاً\)$/, /كان: ١٧ قتيلاً، وصار: ١٨ قتيلاً، في تقرير/]]) {
            const view = await open(at, { language });
            await view.locator(".voice").first().waitFor();
            const claim = night.claims.find((one) => one.effect === "killed" && one.min === 17 && one.independent !== null);
            const inside = (path) => view.evaluate((path) => { const link = document.createElement("a"); link.href = path; document.querySelector("main").append(link); link.click(); link.remove(); }, path);
            await inside(`/documents/${encodeURIComponent(claim.document)}?claim=${claim.id}`);
            const card = view.locator(".claims-list .claim").filter({ hasText: language === "en" ? "17" : "١٧" }).first();
            await card.locator(".claim-actions button").nth(1).click();
            await view.locator("[name=count]").fill("18");
            await view.locator(".claim-form button[type=submit]").click();
            await view.locator(".claim-form").waitFor({ state: "detached" });
            await inside("/" + at);
            const button = view.locator(".review-actions").getByRole("button", { name: undo });
            await button.waitFor();
            equal(await button.locator("svg").evaluate((icon) => getComputedStyle(icon).transform), "none", "its arrow turns back in both directions of writing");
            const told = view.locator(".acts-list li").first();
            await okSoon(async () => change.test(plain(await told.innerText())), "which figure, from what to what, where");
            await view.audit(`acts ${language}`);
            await view.picture(`incident-undo-${language}`, { fullPage: true });
            await button.click();
            await button.waitFor({ state: "detached" });
            await view.context().close();
        }
    });

    await check("the page scrolls over the drawings", async () => {
        const view = await open(at);
        const chain = view.locator("svg.chain").first();
        await chain.scrollIntoViewIfNeeded();
        await chain.hover();
        const before = await view.evaluate(() => scrollY);
        await view.mouse.wheel(0, 300);
        await view.waitForFunction((was) => scrollY > was + 100, before);
        await view.context().close();
    });

    await check("forty outlets that carry one word are one voice, and legible", async () => {
        for (const [language, theme, width] of pairs([["en", "dark", 1280], ["ar", "light", 390]])) {
            const view = await open(`incidents/${crowd.id}`, { language, theme, width });
            const line = view.locator(".verdict-line").first();
            await line.waitFor();
            ok(plain(await line.innerText()).includes(language === "en" ? "told in 41 reports, by 1 independent voice" : "في ٤١ تقريراً، عن صوت مستقل واحد"), await line.innerText());
            if (width > 600) {
                await view.locator("svg.chain").first().waitFor();
                await equalSoon(() => overlaps(view, "svg.chain"), [], "folded");
                await view.getByRole("button", { name: language === "en" ? /more outlets/ : /مواقع أخرى|موقعاً آخر|موقع آخر/ }).first().click();
                await view.waitForFunction(() => document.querySelectorAll("svg.chain .chain-box.is-document").length > 30);
                await equalSoon(() => overlaps(view, "svg.chain"), [], "all of them");
                await view.picture("chain-many", { fullPage: true });
            }
            await view.picture(`many-${language}-${width}`, { fullPage: true });
            await view.audit(`many ${language} ${width}`);
            await view.context().close();
        }
    });

    await check("what can be embedded is a dialog away", async () => {
        const view = await open(at);
        await view.getByRole("button", { name: "Embed" }).click();
        const code = await view.getByRole("textbox", { name: "Code" }).inputValue();
        ok(code.startsWith("<iframe ") && code.includes(`/embed/incidents/${night.id}`), code);
        await view.audit("the dialog of the code");
        await view.keyboard.press("Escape");
        await view.context().close();
    });

    await check("names that would be markup or turn words around stay words", async () => {
        const evil = isnad("export", "--ledger", server.ledger, "--what", "incidents", "--format", "jsonl").split("\n").filter(Boolean).map((line) => JSON.parse(line)).find((one) => one.documents[0].url.includes("evil"));
        ok(evil, "it is in the ledger");
        for (const address of [`incidents/${evil.id}`, `report/incidents/${evil.id}`, `embed/incidents/${evil.id}`]) {
            const view = await open(address);
            await view.locator("svg.range").first().waitFor();
            const words = await view.locator("#app").innerText();
            ok(!address.startsWith("incidents/") || words.includes("<img src=x"), "it is shown as it is written");
            equal([await view.locator("#app img").count(), /[\u202a-\u202e]/.test(await view.locator("#app").textContent())], [0, false], address);
            await view.context().close();
        }
    });

    await check("an incident that is not there says so", async () => {
        const view = await open("incidents/i-00000000000000000000000000000000", { expect: [/404/] });
        await view.getByText("Not found").first().waitFor();
        await view.context().close();
    });
}, { pages: [path.join(root, "tests/web/pages"), many, changed] });

