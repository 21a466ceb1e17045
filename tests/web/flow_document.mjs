// One document: what is marked in it, the claims beside, the page as archived, what reviewers say of words of the text,
// versions, copies with their differences, and facts. In both languages, wide and narrow, light and dark.
import path from "node:path";
import { check, equal, equalSoon, flow, ok, okSoon, pairs, root } from "./harness.mjs";

const RAID = "https://nahr-news.example/2026/01/14/quriyah-fuel-market/";
const MIXED = "https://khabur-wire.example/mixed";
const address = (id, rest = "") => `documents/${encodeURIComponent(id)}${rest}`;
const pages = ["examples/pages", "tests/web/pages/mixed-1.jsonl", "tests/web/pages/mixed-2.jsonl"].map((file) => path.join(root, file));
const ask = (page, what) => page.evaluate(async (what) => (await fetch(`api/v1/${what}`)).json(), what);
const stored = (page, id, version = "") => ask(page, `documents/${encodeURIComponent(id)}?version=${version}`);
// A server counts windows that were closed a moment ago among those that listen, and at last lets no more listen.
const expect = [/429.*events/];
const slice = (text, { start, end }) => [...text].slice(start, end).join("");

// Selects words of the article as a reader does with the mouse: by the letters that are shown.
async function select(page, words) {
    const found = await page.evaluate((words) => {
        const root = document.querySelector(".article-text");
        const walk = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
        const nodes = [];
        let text = "";
        for (let node = walk.nextNode(); node; node = walk.nextNode()) {
            nodes.push([text.length, node]);
            text += node.data;
        }
        const at = text.indexOf(words);
        if (at < 0) {
            return text;
        }
        const place = (offset, end) => {
            const [from, node] = nodes.findLast(([from]) => (end ? from < offset : from <= offset));
            return [node, offset - from];
        };
        const [first, start] = place(at, false);
        const [last, end] = place(at + words.length, true);
        getSelection().setBaseAndExtent(first, start, last, end);
        first.parentElement.scrollIntoView({ block: "center" });
        return "";
    }, words);
    ok(found === "", `“${words}” is not shown in: ${found}`);
    await page.locator(".selection-bar").waitFor();
}

await flow(async ({ open }) => {
    for (const [language, theme, width] of pairs()) {
        const name = `${language}-${theme}-${width}`;
        await check(`the article, its marks, the claims beside: ${name}`, async () => {
            const page = await open(address(RAID), { language, theme, width, expect });
            await page.locator(".claims-list .claim").first().waitFor();
            const { reading } = await stored(page, RAID);
            const marked = await page.locator(".article-text .in-count").allInnerTexts();
            const counts = reading.claims.map((claim) => claim.count?.text).filter(Boolean);
            ok(counts.every((words) => marked.some((text) => text.includes(words) || words.includes(text))), `every figure is marked: ${marked} of ${counts}`);
            await page.audit(`article ${name}`);
            const places = page.locator(".legend-kind").nth(4);
            equal(await page.locator(".mark-place").count(), 1, "places are off at first: the legend alone shows their line");
            await places.click();
            await equalSoon(() => places.getAttribute("aria-pressed"), "true");
            await okSoon(() => page.locator(".article-text .mark-place").count(), "places are marked when they are switched on");
            await places.click();
            const figure = page.locator(".article-text .in-count").last();
            await figure.hover();
            const lit = page.locator(width > 1000 ? ".claims-list .claim.is-lit" : ".doc-dock .claim");
            await lit.waitFor();
            const top = async () => (await lit.boundingBox())?.y ?? -1;
            await okSoon(async () => (await top()) >= 0 && (await top()) < 800, "the card of what is pointed at is in view");
            await page.picture(`document-${name}`);
            await page.audit(`lit ${name}`);
            await figure.click();
            await page.waitForURL(/claim=c-/);
            await page.context().close();
        });

        await check(`the page as archived: ${name}`, async () => {
            const page = await open(address(RAID, "?view=archive"), { language, theme, width, expect });
            const frame = page.locator("iframe.archive-frame");
            await frame.waitFor();
            equal(await frame.getAttribute("sandbox"), "", "no right at all");
            await page.frameLocator("iframe.archive-frame").locator("h1.entry-title").waitFor();
            await page.audit(`archive ${name}`, { iframes: false });
            await page.picture(`document-archive-${name}`);
            if (width > 1000) {
                await page.locator(".segmented button").nth(2).click();
                await page.locator(".article-text").waitFor();
                await page.locator("iframe.archive-frame").waitFor();
                await page.locator(".article-text .in-count").nth(1).hover();
                await page.locator(".doc-dock").waitFor();
                await page.audit(`both ${name}`, { iframes: false });
                await page.picture(`document-both-${name}`);
                await page.keyboard.press("Escape");
                await page.locator(".doc-dock").waitFor({ state: "detached" });
            } else {
                equal(await page.locator(".segmented button").count(), 2, "no two pages side by side where there is no room");
            }
            await page.context().close();
        });

        await check(`versions, copies and their differences, facts: ${name}`, async () => {
            const page = await open(address(MIXED, "?panel=versions"), { language, theme, width, expect });
            await page.locator(".doc-list .doc-entry").nth(1).waitFor();
            ok((await page.locator(".doc-elsewhere li").count()) > 0, "what the older version says is there");
            await page.audit(`versions ${name}`);
            await page.picture(`document-versions-${name}`);
            await page.locator(".doc-entry a", { hasText: language === "ar" ? "ما الذي تغيّر" : "What changed" }).click();
            await page.locator(".compare-row.is-changed").first().waitFor();
            await page.locator("del", { hasText: "Three" }).first().waitFor();
            await page.locator("ins", { hasText: "Five" }).first().waitFor();
            await page.audit(`what changed ${name}`);
            await page.picture(`document-changed-${name}`);
            await page.goto(new URL(address(RAID, "?panel=copies"), page.url().replace(/documents.*/, "")).href);
            await page.locator(".doc-list .doc-entry").first().waitFor();
            await page.audit(`copies ${name}`);
            await page.locator(".doc-entry > a").first().click();
            await page.locator(".compare-row.is-same").first().waitFor();
            await page.audit(`differences ${name}`);
            await page.picture(`document-differences-${name}`);
            await page.locator(".compare-counts input").check();
            await page.locator(".compare-row.is-same").first().waitFor({ state: "detached" });
            await page.goto(new URL(address(RAID, "?panel=facts"), page.url().replace(/documents.*/, "")).href);
            const outside = page.locator(".doc-outside");
            await outside.waitFor();
            equal(await outside.getAttribute("rel"), "noopener noreferrer nofollow");
            equal(await outside.getAttribute("href"), RAID);
            await page.audit(`facts ${name}`);
            await page.picture(`document-facts-${name}`, { fullPage: width < 1000 });
            if (width > 1000 && language === "en") {
                const [download] = await Promise.all([page.waitForEvent("download"), page.locator(".doc-facts a[download]").click()]);
                ok(/^capture-/.test(download.suggestedFilename()), download.suggestedFilename());
            }
            await page.context().close();
        });
    }

    await check("a link to a claim leads to its figure, also in an older version", async () => {
        const page = await open("", { expect });
        const { claims } = await stored(page, MIXED, 1);
        await page.goto(new URL(address(MIXED, `?claim=${claims[1].id}`), page.url()).href);
        await page.waitForFunction(() => /version=1/.test(location.search));
        await page.waitForFunction(() => document.activeElement?.matches(".in-count.lit-count"));
        await equalSoon(() => page.evaluate(() => document.activeElement.innerText), "seven others", "the figure has the focus, behind emoji and a combining mark");
        await page.keyboard.press("j");
        await page.waitForFunction(() => document.activeElement?.innerText === "three civilians");
        await page.context().close();
    });

    await check("accepted, corrected, rejected, commented, and undone: from the card", async () => {
        const page = await open(address(MIXED), { expect });
        const card = page.locator(".claims-list .claim", { hasText: "Injured" });
        await card.getByRole("button", { name: "Accept" }).click();
        await card.locator(".tone-good").waitFor();
        await page.locator(".toast").getByRole("button", { name: "Close" }).click();
        await card.getByRole("button", { name: "Undo: acceptance" }).click(); // it stays when the toast is gone
        await card.locator(".tone-good").waitFor({ state: "detached" });
        equal(await card.getByRole("button", { name: /^Undo/ }).count(), 0, "nothing is left to undo");
        await card.getByRole("button", { name: "Correct" }).click();
        await page.getByLabel("Figure", { exact: true }).fill("8");
        await page.getByLabel("Voice", { exact: true }).fill("the hospital");
        await page.getByLabel(/^Why/).fill("see the second sentence");
        await page.evaluate(() => scrollTo(0, 0)); // what is half under the bar would be too small a target
        await page.audit("the form");
        await page.picture("document-correct");
        await page.getByRole("button", { name: "Correct", exact: true }).last().click();
        await card.locator(".claim-as-read").waitFor();
        await okSoon(async () => (await card.innerText()).includes("As read: Injured 7"), "what was read stands beside");
        await equalSoon(() => card.locator(".claim-figure .figure").innerText(), "8");
        await page.audit("corrected");
        await page.picture("document-corrected");
        await card.getByRole("button", { name: "Comment" }).click();
        await page.waitForFunction(() => document.activeElement?.matches(".claim-words textarea"));
        await page.keyboard.type("ask the hospital 🙂");
        await card.locator("button[type=submit]").click();
        await card.locator(".claim-comment").waitFor();
        await page.waitForFunction(() => document.activeElement?.matches(".claim-actions button")); // the focus stays with the claim
        await card.getByRole("button", { name: "Reject" }).click();
        await card.locator("button[type=submit]").click();
        await card.locator(".tone-danger").waitFor();
        await okSoon(() => page.locator(".in-count.rejected").count(), "the text shows that it counts nowhere");
        await page.locator(".toast").getByRole("button", { name: "Undo" }).last().click();
        await card.getByRole("button", { name: "Undo: comment" }).waitFor(); // what was said before it can be undone yet
        await card.locator(".tone-danger").waitFor({ state: "detached" });
        await page.context().close();
    });

    for (const [language, theme, width] of pairs([["en", "light", 1280], ["ar", "dark", 390]])) {
        await check(`words that nothing read become a claim: ${language}, ${width}`, async () => {
            const page = await open(address(MIXED, "?version=1"), { language, theme, width, expect: [...expect, /40[09]|422/] });
            await page.locator(".claims-list .claim").first().waitFor();
            const { reading, claims } = await stored(page, MIXED, 1);
            const sent = [];
            page.on("request", (request) => request.method() === "POST" && /acts$/.test(request.url()) && sent.push(request.postDataJSON()));
            // Behind emoji, a combining mark and two directions.
            await select(page, language === "en" ? "قُتل 3 مدنيين" : "7 آخرون");
            await page.picture(`document-selected-${language}-${width}`);
            await page.locator(".selection-bar button").last().click();
            await page.locator(".claim-form").waitFor();
            await equalSoon(() => page.locator("[name=words]").inputValue(), language === "en" ? "قُتل 3 مدنيين" : "7 آخرون");
            await equalSoon(() => page.locator("[name=count]").inputValue(), language === "en" ? "3" : "٧", "the figure is taken from the words");
            await page.locator("[name=effect]").selectOption(language === "en" ? "killed" : "injured");
            await select(page, "مدير مشفى القورية");
            await page.locator(".selection-bar button").nth(1).click();
            await page.waitForFunction(() => document.querySelector("[name=voice]").value === "مدير مشفى القورية");
            await page.locator("[name='voice.kind']").selectOption("medical");
            await page.audit(`the form ${language}`);
            await page.picture(`document-form-${language}-${width}`);
            await page.locator(".claim-form button[type=submit]").click();
            await page.locator(".claim-form").waitFor({ state: "detached" });
            const value = (name) => sent[0].values.find((one) => one.startsWith(name + "="))?.slice(name.length + 1);
            equal(sent[0].kind, "add");
            equal(slice(reading.text, { start: +value("start"), end: +value("end") }), language === "en" ? "قُتل 3 مدنيين" : "7 آخرون", "offsets are code points of the text");
            await page.waitForFunction((n) => document.querySelectorAll(".claims-list .claim").length === n, claims.length + 1);
            await page.picture(`document-added-${language}-${width}`);
            const toast = await page.locator(".toast").last().boundingBox();
            ok(width > 1000 || toast.y + toast.height < 200, "on a phone it leaves what one presses next free");
            await page.locator(".toast .button").last().click();
            await page.waitForFunction((n) => document.querySelectorAll(".claims-list .claim").length === n, claims.length);
            await page.context().close();
        });
    }

    await check("with the keyboard alone; words behind controls that are not shown; what the server refuses", async () => {
        const page = await open(address(MIXED, "?version=1"), { expect: [...expect, /40[09]|422/] });
        await page.locator(".claims-list .claim").first().waitFor();
        const { reading } = await stored(page, MIXED, 1);
        ok(reading.text.includes("\u202e"), "the text has a control that turns it around");
        ok(!(await page.locator(".article-text").innerText()).includes("\u202e"), "the page does not");
        await page.keyboard.press("c");
        await page.waitForFunction(() => document.activeElement?.getAttribute("name") === "words");
        await page.keyboard.type("a dozen empty houses");
        await page.locator(".is-chosen").first().waitFor();
        await equalSoon(() => page.locator(".is-chosen").allInnerTexts().then((all) => all.join("")), "a dozen empty houses", "the right words are marked");
        await page.locator("[name=count]").fill("12");
        await page.locator("[name=place]").fill("Al-Quriyah");
        const [request] = await Promise.all([page.waitForRequest((one) => one.method() === "POST" && /acts$/.test(one.url())), page.keyboard.press("Enter")]);
        const value = (name) => Number(request.postDataJSON().values.find((one) => one.startsWith(name + "=")).slice(name.length + 1));
        equal(slice(reading.text, { start: value("start"), end: value("end") }), "a dozen empty houses");
        await page.locator(".claim-form").waitFor({ state: "detached" });
        await page.locator(".toast .button").last().click();
        await page.keyboard.press("c");
        await page.locator("[name=words]").fill("seven others");
        await page.locator("[name=count]").fill("many");
        await page.keyboard.press("Enter");
        await page.locator(".claim-form .wrong-words").waitFor();
        await page.keyboard.press("Escape");
        await page.locator(".claim-form").waitFor({ state: "detached" });
        await page.context().close();
    });
}, { pages });
