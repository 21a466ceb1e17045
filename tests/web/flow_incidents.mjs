// The incidents page as a documenter uses it: the list, search, facets, the timeline and the map, which narrow one another.
import { check, equal, equalSoon, flow, isnad, ok, okSoon, pairs } from "./harness.mjs";
import fs from "node:fs";
import path from "node:path";

const rows = (page) => page.locator(".virtual-row");
// While a list is asked for, no count is shown.
const shownCount = async (page) => Number(await (await page.waitForFunction(() => /\d+/.exec(document.querySelector(".incidents-count")?.textContent)?.[0])).jsonValue());
const ready = async (page) => {
    await rows(page).first().waitFor();
    await page.waitForFunction(() => !document.querySelector(".virtual-waiting"));
};
const countIs = (page, n) => page.waitForFunction((wanted) => new RegExp(`^${wanted}\\b`).test(document.querySelector(".incidents-count")?.textContent ?? ""), n);
const chipsAre = (page, n) => page.waitForFunction((wanted) => document.querySelectorAll(".chosen .chip").length === wanted, n);
const address = (page) => page.evaluate(() => location.search);
const mapReady = (page) => page.locator(".map-marks .mark").first().waitFor({ state: "attached" });
const facet = (page, name, value) => page.locator(".facet", { has: page.locator("h3", { hasText: name }) }).locator("label", { hasText: value }).locator("input");
// What the page of one incident asks is not looked at here.
const OTHERS = /status of \d+ .*\/incidents\/i-/;

await flow(async ({ open, server }) => {
    for (const [language, theme, width] of pairs()) {
        await check(`list, facets, timeline and map stand: ${language}, ${theme}, ${width}`, async () => {
            const page = await open("", { language, theme, width });
            await ready(page);
            if (width > 1000) {
                await mapReady(page);
                await page.locator(".facet").nth(7).waitFor(); // facets are there
            }
            await page.locator(".timeline .bar-all").first().waitFor({ state: "attached" }); // the timeline has bars
            await page.audit(`${language} ${theme} ${width}`);
            await page.picture(`incidents-${language}-${theme}-${width}`);
            await page.context().close();
        });
    }

    await check("a search narrows all, marks what it found, and stands in the address", async () => {
        const page = await open("");
        await ready(page);
        const all = await shownCount(page);
        await page.keyboard.press("/");
        await page.keyboard.type("market");
        await page.locator(".incident-snippet mark").first().waitFor();
        await equalSoon(() => address(page), "?text=market");
        await okSoon(async () => (await shownCount(page)) < all, "fewer are left");
        await page.audit("searched");
        await page.picture("incidents-searched");
        await page.goBack();
        await countIs(page, all);
        await equalSoon(() => page.locator("input[type=search]").inputValue(), "");
        await page.goForward();
        await page.locator(".incident-snippet mark").first().waitFor();
        await equalSoon(() => page.locator("input[type=search]").inputValue(), "market");
        await page.context().close();
    });

    await check("a query that makes no sense is told at the field", async () => {
        const page = await open("?text=killed%3E%3D", { expect: [/status of 400/] });
        await page.locator(".search-error").waitFor();
        await page.audit("a wrong query");
        await page.context().close();
    });

    await check("the help of the query language gives examples to try", async () => {
        const page = await open("");
        await ready(page);
        await page.getByRole("button", { name: "What can be searched for" }).click();
        await page.audit("query help");
        await page.picture("incidents-query-help");
        await page.getByRole("button", { name: /killed>=10/ }).click();
        await page.waitForURL(/text=killed/);
        await page.locator(".chosen").waitFor();
        await page.context().close();
    });

    await check("facets add up, are taken off one by one or all at once", async () => {
        const page = await open("");
        await ready(page);
        const all = await shownCount(page);
        await facet(page, "Place", "Yemen").check();
        await page.waitForURL("**/?country=YE");
        await okSoon(async () => (await shownCount(page)) < all, "Yemen alone");
        const yemen = await shownCount(page);
        await facet(page, "Place", "Iraq").check();
        await page.waitForURL("**/?country=YE%2CIQ");
        await okSoon(async () => (await shownCount(page)) > yemen, "Yemen or Iraq");
        await facet(page, "Disagreement", "Accounts part").first().check();
        await page.waitForURL(/disputed=1/);
        await chipsAre(page, 3);
        await page.getByRole("button", { name: "Remove: Yemen" }).click();
        await page.waitForURL("**/?disputed=1&country=IQ");
        await page.getByRole("group", { name: "Chosen filters" }).getByRole("button", { name: "Clear all" }).click();
        await countIs(page, all);
        await equalSoon(() => address(page), "");
        await page.context().close();
    });

    await check("the address alone brings the whole state", async () => {
        const page = await open("incidents?order=figure-down&country=SY&from=2026-01-01&to=2026-01-31&effect=killed,injured");
        await ready(page);
        await chipsAre(page, 4);
        await page.waitForFunction(() => [...document.querySelectorAll(".facet-line.on")].some((line) => line.textContent.startsWith("Injured")));
        await equalSoon(() => page.locator("select.order").inputValue(), "figure-down");
        await page.audit("a whole state");
        await page.context().close();
    });

    await check("the timeline is brushed by mouse and by keyboard", async () => {
        const page = await open("");
        await ready(page);
        const plot = page.locator(".timeline-plot");
        await plot.locator(".bar-all").first().waitFor();
        const box = await plot.boundingBox();
        await page.mouse.move(box.x + 3, box.y + 20);
        await page.mouse.down();
        await page.mouse.move(box.x + box.width / 2, box.y + 20, { steps: 4 });
        await page.mouse.up();
        await page.waitForURL(/from=2026-01-01&to=/);
        const before = await address(page);
        const end = page.getByRole("slider", { name: "Last day of the choice" });
        await end.focus();
        await page.keyboard.press("ArrowLeft");
        await page.waitForFunction((was) => location.search !== was, before);
        await page.audit("brushed");
        await page.picture("incidents-brushed");
        await page.keyboard.press("Escape");
        await page.waitForFunction(() => location.search === "");
        await page.context().close();
    });

    await check("the timeline is saved as SVG and PNG", async () => {
        const page = await open("", { language: "ar" });
        await page.locator(".timeline .bar-all").first().waitFor();
        for (const ending of ["SVG", "PNG"]) {
            await page.locator(".timeline .icon-button[aria-haspopup=menu]").click();
            const [saved] = await Promise.all([page.waitForEvent("download"), page.getByRole("menuitem", { name: ending }).click()]);
            const file = path.join(server.folder, saved.suggestedFilename());
            await saved.saveAs(file);
            const bytes = fs.readFileSync(file);
            ok(ending === "PNG" ? bytes.subarray(1, 4).toString() === "PNG" : /<rect[^>]+fill="rgb/.test(bytes.toString()), `the ${ending}`);
            if (process.env.ISNAD_PICTURES) {
                fs.copyFileSync(file, path.join(process.env.ISNAD_PICTURES, saved.suggestedFilename()));
            }
        }
        await page.context().close();
    });

    await check("keys move in the list, open, and come back to the same place", async () => {
        const page = await open("", { expect: [OTHERS] });
        await ready(page);
        await page.keyboard.press("j");
        await page.waitForFunction(() => document.activeElement?.dataset.row === "0");
        await page.keyboard.press("j");
        await page.waitForFunction(() => document.activeElement?.dataset.row === "1");
        await page.keyboard.press("ArrowDown");
        await page.waitForFunction(() => document.activeElement?.dataset.row === "2");
        await page.keyboard.press("k");
        await page.waitForFunction(() => document.activeElement?.dataset.row === "1");
        await page.keyboard.press("Enter");
        await page.waitForURL(/incidents\/i-/);
        await page.goBack();
        await ready(page);
        await page.context().close();
    });

    await check("rows and map point at each other", async () => {
        const page = await open("");
        await ready(page);
        await mapReady(page);
        await rows(page).first().hover();
        await page.locator(".map-ring[visibility=visible]").waitFor();
        const single = page.locator(".map-marks a.mark").first();
        await single.locator(".spot").hover({ force: true });
        await page.locator(".incident-row.pointed").first().waitFor();
        await page.context().close();
    });

    await check("an area on the map narrows the list: what is seen, and a drawn one", async () => {
        const page = await open("");
        await ready(page);
        await mapReady(page);
        const all = await shownCount(page);
        await page.getByRole("button", { name: "Places", exact: true }).click();
        await page.audit("the list of places");
        await page.picture("incidents-places");
        await page.locator(".map-places button").first().click();
        await page.getByRole("button", { name: "Only what is seen here" }).click();
        await page.waitForURL(/box=/);
        await page.getByRole("button", { name: "Everywhere" }).click();
        await countIs(page, all);
        await page.getByRole("button", { name: "Choose an area" }).click();
        const box = await page.locator(".map-draw").boundingBox();
        await page.mouse.move(box.x + 5, box.y + 60);
        await page.mouse.down();
        await page.mouse.move(box.x + box.width - 5, box.y + box.height - 40, { steps: 4 });
        await page.mouse.up();
        await page.waitForURL(/box=/);
        await page.locator(".map-area[visibility=visible]").waitFor({ state: "attached" });
        await page.audit("an area is chosen");
        await page.picture("incidents-area");
        await page.context().close();
    });

    await check("without WebGL the map is drawn as SVG", async () => {
        const page = await open("voices", { language: "ar" });
        await page.addInitScript(() => (HTMLCanvasElement.prototype.getContext = ((before) => function (kind, ...rest) {
            return /webgl/.test(kind) ? null : before.call(this, kind, ...rest);
        })(HTMLCanvasElement.prototype.getContext)));
        await page.goto(server.url);
        await mapReady(page);
        await page.locator(".plain-land").waitFor({ state: "attached" });
        await page.audit("the plain map");
        await page.picture("incidents-plain-map");
        await page.locator(".plain-holder").focus();
        const at = () => page.locator(".plain-moved").getAttribute("transform");
        const before = await at();
        await page.keyboard.press("ArrowRight");
        await page.waitForFunction((was) => document.querySelector(".plain-moved").getAttribute("transform") !== was, before);
        await page.context().close();
    });

    await check("on a narrow screen filters are a sheet, the map a page of its own", async () => {
        const page = await open("", { language: "ar", width: 390 });
        await ready(page);
        await page.locator(".filter-button").click();
        await page.getByRole("dialog").waitFor();
        await page.audit("the sheet");
        await page.picture("incidents-sheet-ar-390");
        await page.getByRole("dialog").locator(".facet-line", { hasText: "اليمن" }).click();
        await page.waitForURL(/country=YE/);
        await page.keyboard.press("Escape");
        await page.getByRole("button", { name: "عرض الخريطة" }).click();
        await mapReady(page);
        await page.audit("the map alone");
        await page.picture("incidents-map-ar-390");
        await page.getByRole("button", { name: "عرض القائمة" }).click();
        await ready(page);
        await page.context().close();
    });

    await check("reviewers act on several at once, and take it back", async () => {
        const page = await open("");
        await ready(page);
        await page.keyboard.press("j");
        await page.waitForFunction(() => document.activeElement?.dataset.row === "0");
        await page.keyboard.press("x");
        await page.keyboard.press("j");
        await page.waitForFunction(() => document.activeElement?.dataset.row === "1");
        await page.keyboard.press("x");
        await page.getByText("2 chosen").waitFor();
        await page.picture("incidents-bulk");
        await page.getByRole("button", { name: "Assign…" }).click();
        await page.getByRole("dialog").getByLabel("To whom").fill("Rima");
        await page.audit("assigning");
        await page.getByRole("dialog").getByRole("button", { name: "Assign" }).click();
        await page.locator(".incident-assignee", { hasText: "Rima" }).first().waitFor();
        await page.getByRole("button", { name: "Undo" }).click();
        await page.waitForFunction(() => !document.querySelector(".incident-assignee"));
        await page.context().close();
    });

    await check("the Hijri calendar stands beside the Gregorian one", async () => {
        const page = await open("", { language: "ar" });
        await page.evaluate(() => localStorage.setItem("isnad-hijri", "1"));
        await page.reload();
        await ready(page);
        await okSoon(async () => /١٤٤٧|١٤٤٨/.test(await page.locator(".timeline-ticks").innerText()), "the timeline's dates");
        await page.audit("Hijri");
        await page.picture("incidents-hijri-ar");
        await page.context().close();
    });

    await check("coming back finds the list where it was left", async () => {
        const page = await open("", { height: 480, expect: [OTHERS] });
        await ready(page);
        await page.locator(".virtual").evaluate((list) => list.scrollTo(0, 120));
        await page.waitForFunction(() => document.querySelector(".virtual").scrollTop === 120);
        await rows(page).nth(4).locator("a").click();
        await page.waitForURL(/incidents\/i-/);
        await page.goBack();
        await ready(page);
        await page.waitForFunction(() => document.querySelector(".virtual").scrollTop > 60);
        await page.context().close();
    });

    await check("coming back finds what was changed meanwhile, and the same filter", async () => {
        const page = await open("?country=YE", { expect: [OTHERS] });
        await ready(page);
        await rows(page).first().locator("a").click();
        await page.waitForURL(/incidents\/i-/);
        const id = decodeURIComponent(new URL(page.url()).pathname.split("/").pop());
        isnad("review", "grade", "--ledger", server.ledger, id, "fair", "--who", "Sami");
        await page.goBack();
        await page.waitForURL("**/?country=YE");
        await page.locator(".incident-grade").first().waitFor();
        await page.context().close();
    });

    await check("new reports are told quietly, and come when they are asked for", async () => {
        const page = await open("");
        await ready(page);
        await page.locator(".live.is-live").waitFor({ state: "attached" });
        const folder = fs.mkdtempSync(path.join(server.folder, "new-"));
        fs.writeFileSync(path.join(folder, "invented.txt"), "Four killed in clash near Ma'rib\n\nFour people were killed in a clash near Ma'rib on 3 May 2026, the Civil Defence said. This report is invented.\n");
        isnad("add", "--ledger", server.ledger, folder);
        await page.locator(".news-chip").waitFor();
        await page.audit("news");
        await page.picture("incidents-news");
        await page.locator(".news-chip").click();
        await page.locator(".news-chip").waitFor({ state: "detached" });
        await page.context().close();
    });

    await check("one and two are said in words where Arabic does", async () => {
        const folder = fs.mkdtempSync(path.join(server.folder, "few-"));
        fs.writeFileSync(path.join(folder, "invented.txt"), "Two killed in clash near Sirwah\n\nTwo people were killed and one was wounded in a clash near Sirwah on 4 May 2026, the Civil Defence said. This report is invented.\n");
        isnad("add", "--ledger", server.ledger, folder);
        for (const [language, words] of [["ar", ["قتيلان", "جريح واحد"]], ["en", ["2 killed", "1 injured"]]]) {
            const page = await open("?from=2026-05-04&to=2026-05-04", { language });
            await ready(page);
            await equalSoon(async () => (await page.locator(".incident-figure").allInnerTexts()).map((text) => text.replace(/\u200f/g, "")), words);
            await page.picture(`incidents-few-${language}`);
            await page.context().close();
        }
    });
});
