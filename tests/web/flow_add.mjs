// What is put in: files dropped, addresses, texts; read before they are kept; imports that go on, end and are stopped.
import fs from "node:fs";
import path from "node:path";
import { check, equal, equalSoon, flow, ok, pairs, root } from "./harness.mjs";

const PAGE = path.join(root, "examples/pages/nahr-raid.html");
const TEXT = `Three killed by shelling of Qarya, hospital says 🙂
Shells that fell on the town of Al-Quriyah on Monday killed three civilians and injured seven others, the director of the town hospital said.
The army denied that it had shelled the town.`;

const jobs = (page) => page.locator(".job");

await flow(async ({ open, server }) => {
    for (const [language, theme, width] of pairs([["en", "light", 1280], ["ar", "dark", 390]])) {
        await check(`a text is read before it is kept, then kept: ${language}, ${theme}, ${width}`, async () => {
            const page = await open("add?by=text", { language, theme, width });
            await page.locator("textarea").fill(TEXT + `\nRead in ${language}, ${theme}, ${width}.`);
            await page.locator("input[type=date]").fill("2026-01-13");
            await page.audit(`the form: ${language}`);
            await page.locator(".add-form button[type=submit]").click();
            await page.locator(".preview .claim").first().waitFor();
            ok((await page.locator(".preview .claim").count()) >= 2, "claims are there");
            const marked = await page.locator(".preview .claim mark").allInnerTexts();
            ok(marked.includes("three civilians"), `the figure is marked in its sentence, behind an emoji: ${marked}`);
            await page.audit(`the reading: ${language}`);
            await page.picture(`add-text-${language}-${theme}-${width}`, { fullPage: true });
            await page.locator(".add-form button", { hasText: language === "ar" ? "أضف إلى السجل" : "Add to the ledger" }).click();
            await page.locator(".job .tone-good").first().waitFor();
            await page.audit(`the import: ${language}`);
            await page.picture(`add-job-${language}-${theme}-${width}`, { fullPage: true });
            await page.context().close();
        });
    }

    await check("a file is dropped and read: Arabic, light, 1280", async () => {
        const page = await open("add", { language: "ar" });
        await page.picture("add-empty-ar", { fullPage: true });
        await page.locator("input[type=file]").setInputFiles(PAGE);
        await page.locator(".add-form button[type=submit]").click();
        await page.locator(".preview .claim").first().waitFor();
        await page.locator(".preview .claim").nth(1).hover();
        await page.audit("a reading in Arabic");
        await page.picture("add-file-ar", { fullPage: true });
        equal(await page.evaluate(() => getComputedStyle(document.querySelector(".evidence")).direction), "rtl");
        await page.context().close();
    });

    await check("many files go in by one import, and what is bad in them is told", async () => {
        const folder = path.join(server.folder, "many");
        fs.mkdirSync(folder);
        for (let i = 0; i < 3; i++) {
            fs.writeFileSync(path.join(folder, `good-${i}.txt`), `Report ${i}\nA strike on Qarya${i} on 5 January 2026 killed ${i + 2} people, police said.`);
        }
        fs.writeFileSync(path.join(folder, "bad.warc.gz"), Buffer.concat([Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3]), Buffer.alloc(60, 7)]));
        const page = await open("add");
        await page.locator("input[type=file]").setInputFiles(fs.readdirSync(folder).map((name) => path.join(folder, name)));
        await equalSoon(() => page.locator(".file-list li").count(), 4);
        await page.locator(".file-list li", { hasText: "good-2" }).getByRole("button").click();
        await equalSoon(() => page.locator(".file-list li").count(), 3, "one is left out");
        await page.locator(".add-form button[type=submit]").click();
        const job = jobs(page).first();
        await job.locator(".chip", { hasText: /done|failed/ }).waitFor();
        ok(/2 documents added/.test(await job.innerText()), `both good files are in: ${await job.innerText()}`);
        ok(/could not be read/.test(await job.innerText()), `the bad one is told: ${await job.innerText()}`);
        await page.goto(new URL("jobs", server.url).href);
        await jobs(page).first().waitFor();
        await page.audit("imports");
        await page.picture("jobs-en", { fullPage: true });
        await page.context().close();
    });

    await check("a long import shows how far it is and is stopped; what came in stays", async () => {
        const file = path.join(server.folder, "long.jsonl");
        const line = (i) => JSON.stringify({ id: `https://long.example/${i}`, published: "2026-01-05", text: `A strike on Qarya${i % 97} on 5 January 2026 killed ${(i % 9) + 2} people, police said. Report ${i} of the valley.` });
        fs.writeFileSync(file, Array.from({ length: 60000 }, (_, i) => line(i)).join("\n") + "\n");
        const page = await open("add");
        await page.locator("input[type=file]").setInputFiles(file);
        await page.locator(".add-form button", { hasText: "Add to the ledger" }).click();
        const job = jobs(page).first();
        await job.locator("progress").waitFor();
        await page.waitForFunction(() => /[1-9][\d,]* documents? read/.test(document.querySelector(".job")?.textContent ?? ""));
        await page.audit("an import under way");
        await page.picture("add-long");
        await job.getByRole("button", { name: "Stop" }).click();
        await job.locator(".chip", { hasText: "stopped" }).waitFor();
        ok(/documents? added/.test(await job.innerText()), await job.innerText());
        await page.context().close();
    });

    await check("what is wrong with an address is told beside it", async () => {
        const page = await open("add?by=address", { expect: [/status of 4\d\d|status of 50\d/] });
        await page.locator("textarea").fill("http://127.0.0.1:9/secret");
        await page.locator(".add-form button[type=submit]").click();
        await page.locator(".wrong-words").waitFor();
        await page.audit("a refusal");
        await page.picture("add-refused", { fullPage: true });
        await page.context().close();
    });

    await check("files are chosen and read by keyboard alone", async () => {
        const page = await open("add?by=text");
        await page.locator("textarea").focus();
        await page.keyboard.type("A blast in Qarya killed five people on 3 January 2026, the police said.");
        for (let i = 0; i < 6 && !(await page.evaluate(() => document.activeElement?.matches("[type=submit]"))); i++) {
            await page.keyboard.press("Tab");
        }
        await page.keyboard.press("Enter");
        await page.locator(".preview .claim").first().waitFor();
        await page.context().close();
    });
});
