// The incidents page where there is nothing yet: what to do first, for who may add and for who may not.
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { check, equal, flow, pairs } from "./harness.mjs";

// A report that tells of no incident.
const folder = fs.mkdtempSync(path.join(os.tmpdir(), "isnad-web-empty-"));
process.on("exit", () => fs.rmSync(folder, { recursive: true, force: true }));
fs.writeFileSync(path.join(folder, "weather.txt"), "Rain is expected on the coast\n\nRain is expected on the coast tomorrow, the weather service said. This report is invented.\n");

await flow(async ({ open }) => {
    for (const [i, [language, theme, width]] of pairs([["en", "light", 1280], ["ar", "dark", 390]]).entries()) {
        const as = i % 2 ? "Sami" : "Rima";
        await check(`an empty ledger says what to do first: ${as}, ${language}, ${theme}, ${width}`, async () => {
            const page = await open("incidents", { as, language, width, theme });
            await page.locator(".state-title").waitFor();
            equal(await page.locator(".state a[href$='/add']").count(), as === "Rima" ? 1 : 0, "the way to add");
            await page.audit("an empty ledger");
            await page.picture(`incidents-empty-${language}`);
            if (as === "Rima") {
                await page.locator(".state a").click();
                await page.waitForURL("**/add");
            }
            await page.context().close();
        });
    }
}, { accounts: { Rima: "reviewer", Sami: "reader" }, pages: [folder] });
