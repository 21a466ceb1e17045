// The frame: languages, light and dark, digits, the ways between the views by mouse and by keyboard.
import { check, equal, flow, ok } from "./harness.mjs";

const text = (page, selector) => page.locator(selector).first().innerText();

await flow(async ({ open }) => {
    for (const [language, theme, width] of [["en", "light", 1280], ["ar", "dark", 1280], ["ar", "light", 390], ["en", "dark", 390]]) {
        await check(`the frame stands: ${language}, ${theme}, ${width}`, async () => {
            const page = await open("compare", { language, theme, width });
            await page.locator("h1").waitFor();
            equal(await page.evaluate(() => [document.documentElement.lang, document.documentElement.dir]), [language, language === "ar" ? "rtl" : "ltr"]);
            await page.audit(`${language} ${theme} ${width}`);
            await page.picture(`frame-${language}-${theme}-${width}`);
            await page.context().close();
        });
    }

    await check("the language is switched while one reads, and kept", async () => {
        const page = await open("voices");
        equal(await text(page, "h1"), "Voices");
        await page.getByRole("button", { name: "Language and display" }).click();
        await page.audit("the menu is open");
        await page.picture("menu-settings");
        await page.getByRole("menuitemradio", { name: "العربية" }).click();
        await page.locator("h1", { hasText: "الأصوات" }).waitFor();
        equal(await page.evaluate(() => document.documentElement.dir), "rtl");
        ok((await page.title()).includes("إسناد"), "the title follows");
        await page.reload();
        await page.locator("h1", { hasText: "الأصوات" }).waitFor();
        await page.context().close();
    });

    await check("light, dark, digits and the Hijri calendar are chosen and kept", async () => {
        const page = await open("voices", { language: "ar", theme: "light" });
        const paper = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
        const before = await paper();
        await page.getByRole("button", { name: "اللغة والعرض" }).click();
        await page.getByRole("menuitemradio", { name: "داكن" }).click();
        ok((await paper()) !== before, "the paper is darker");
        await page.getByRole("menuitemradio", { name: /0123/ }).click();
        await page.getByRole("menuitemcheckbox", { name: /الهجري/ }).click();
        await page.picture("menu-settings-ar-dark");
        equal(await page.evaluate(() => ["theme", "digits", "hijri"].map((name) => localStorage.getItem("isnad-" + name))), ["dark", "latn", "1"]);
        await page.reload();
        equal(await page.evaluate(() => document.documentElement.dataset.theme), "dark");
        await page.context().close();
    });

    await check("a menu is used by keyboard", async () => {
        const page = await open("voices");
        await page.getByRole("button", { name: "Language and display" }).focus();
        await page.keyboard.press("ArrowDown");
        await page.keyboard.press("End");
        equal(await page.evaluate(() => document.activeElement.textContent), "Hijri beside Gregorian");
        await page.keyboard.press("d");
        equal(await page.evaluate(() => document.activeElement.textContent), "Dark");
        await page.keyboard.press("Escape");
        equal(await page.evaluate(() => document.activeElement.getAttribute("aria-label")), "Language and display", "the focus is back");
        equal(await page.locator("[role=menu]").count(), 0);
        await page.context().close();
    });

    await check("keys lead from view to view, and back leads back", async () => {
        const page = await open("incidents");
        await page.locator("h1").waitFor();
        await page.keyboard.press("g");
        await page.keyboard.press("v");
        await page.waitForURL("**/voices");
        await page.waitForFunction(() => document.activeElement?.matches("h1"));
        await page.keyboard.press("g");
        await page.keyboard.press("c");
        await page.waitForURL("**/compare");
        await page.goBack();
        await page.waitForURL("**/voices");
        await page.locator("h1", { hasText: "Voices" }).waitFor();
        await page.context().close();
    });

    await check("the first key leads to the content", async () => {
        const page = await open("voices");
        await page.locator("h1").waitFor();
        await page.keyboard.press("Tab");
        equal(await page.evaluate(() => document.activeElement.textContent), "Skip to the content");
        await page.keyboard.press("Enter");
        await page.waitForFunction(() => document.activeElement?.id === "content");
        await page.context().close();
    });

    await check("the palette finds views and takes words to search for", async () => {
        const page = await open("voices");
        await page.locator("h1").waitFor();
        await page.keyboard.press("Control+k");
        await page.getByRole("combobox").waitFor();
        await page.audit("the palette is open");
        await page.keyboard.type("comp");
        await page.picture("palette");
        await page.keyboard.press("Enter");
        await page.waitForURL("**/compare");
        await page.keyboard.press("Control+k");
        await page.keyboard.type("market strike");
        await page.keyboard.press("Enter");
        await page.waitForURL("**/incidents?text=market+strike");
        await page.context().close();
    });

    await check("the palette understands how Arabic is typed", async () => {
        const page = await open("voices", { language: "ar" });
        await page.locator("h1").waitFor();
        await page.keyboard.press("Control+k");
        await page.keyboard.type("الاصوات");
        await page.keyboard.press("Enter");
        await page.locator("dialog").waitFor({ state: "detached" });
        await page.context().close();
    });

    await check("? lists the keys, Escape closes and gives the focus back", async () => {
        const page = await open("compare", { language: "ar" });
        await page.locator("h1").waitFor();
        await page.keyboard.press("?");
        await page.getByRole("dialog").waitFor();
        await page.audit("the help is open");
        await page.picture("shortcuts-ar");
        await page.keyboard.press("Escape");
        await page.getByRole("dialog").waitFor({ state: "detached" });
        await page.context().close();
    });

    await check("what is not there says so", async () => {
        const page = await open("jobs/a");
        await page.getByText("Not found").first().waitFor();
        await page.audit("not found");
        await page.context().close();
    });
});
