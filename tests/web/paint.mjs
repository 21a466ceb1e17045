// How soon the incidents page is of use: node tests/web/paint.mjs [LEDGER]
//
// Opens the page over a ledger (else over the sample pages) in a browser without anything kept, several times, and prints
// the times that the browser itself measures from the start of the navigation: the first paint with content, and when the
// first rows stood ("rows shown", a mark that the page makes once they were drawn). The very first visit, for which the
// server has to read its rows into memory, is told apart. With ISNAD_PAINT_LIMIT it fails where "rows shown" is mostly above
// so many milliseconds. The last line is "N passed, N failed".
import { check, flow, ok } from "./harness.mjs";

const TIMES = 7;
const limit = Number(process.env.ISNAD_PAINT_LIMIT ?? 0);

async function once(browser, url, width) {
    const context = await browser.newContext({ viewport: { width, height: 800 }, locale: "en-GB" });
    const page = await context.newPage();
    await page.goto(url);
    await page.waitForFunction(() => performance.getEntriesByName("rows-shown").length && performance.getEntriesByName("first-contentful-paint").length, null, { polling: 20 });
    const found = await page.evaluate(() => ({
        paint: performance.getEntriesByName("first-contentful-paint")[0].startTime,
        rows: performance.getEntriesByName("rows-shown")[0].startTime,
        count: document.querySelector(".incidents-count").textContent,
        script: performance.getEntriesByType("resource").filter((entry) => /\.js$/.test(entry.name) && entry.startTime < performance.getEntriesByName("rows-shown")[0].startTime).reduce((sum, entry) => sum + entry.transferSize, 0),
    }));
    await context.close();
    return found;
}

const middle = (numbers) => [...numbers].sort((a, b) => a - b)[numbers.length >> 1];
const shown = (name, numbers) => console.log(`  ${name.padEnd(24)} ${middle(numbers).toFixed(0).padStart(6)} ${Math.max(...numbers).toFixed(0).padStart(6)} ms`);

await flow(async ({ browser, server }) => {
    const first = await once(browser, server.url, 1280);
    const runs = [];
    for (let i = 0; i < TIMES; i++) {
        runs.push(await once(browser, server.url, 1280));
    }
    console.log(`The incidents page, ${runs[0].count}, from the first request   middle   most`);
    shown("first paint", runs.map((run) => run.paint));
    shown("rows shown", runs.map((run) => run.rows));
    console.log(`  rows, first of all       ${first.rows.toFixed(0).padStart(6)} ms`);
    console.log(`  script before the rows   ${(middle(runs.map((run) => run.script)) / 1024).toFixed(0).padStart(6)} kB packed`);
    await check("rows are shown in time", () => ok(!limit || middle(runs.map((run) => run.rows)) <= limit, `rows came after ${limit} ms`));
}, process.argv[2] ? { ledger: process.argv[2] } : {});
