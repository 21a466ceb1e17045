// Voices across incidents: found, ordered, looked at, named and merged; two sides compared.
import { check, equal, flow, ok, pairs } from "./harness.mjs";

const rows = (page) => page.locator(".voice-row");

await flow(async ({ open, server }) => {
    for (const [language, theme, width] of pairs([["en", "light", 1280], ["ar", "dark", 1280], ["ar", "light", 390]])) {
        await check(`voices are listed: ${language}, ${theme}, ${width}`, async () => {
            const page = await open("voices", { language, theme, width });
            await rows(page).first().waitFor();
            ok((await rows(page).count()) > 5, "several voices");
            await page.audit(`voices ${language} ${width}`);
            await page.picture(`voices-${language}-${theme}-${width}`);
            await rows(page).first().locator("a").click();
            await page.locator(".voice-incident").first().waitFor();
            await page.audit(`a voice ${language} ${width}`);
            await page.picture(`voice-${language}-${theme}-${width}`, { fullPage: true });
            await page.context().close();
        });
    }

    await check("voices are found by name, kind and order, and the address keeps it", async () => {
        const page = await open("voices");
        await rows(page).first().waitFor();
        const all = await rows(page).count();
        await page.getByLabel("Name", { exact: true }).fill("الدفاع المدني");
        await page.waitForFunction((n) => document.querySelectorAll(".voice-row").length < n, all);
        ok(new URL(page.url()).searchParams.get("text") === "الدفاع المدني", "the address says what is asked");
        await page.getByLabel("Name", { exact: true }).fill("");
        await page.waitForURL((url) => !url.searchParams.get("text"));
        await page.getByLabel("Kind").selectOption("medical");
        await page.waitForURL(/kind=medical/);
        await page.getByLabel("Order").selectOption("first");
        await page.waitForURL(/order=first/);
        await page.reload();
        await rows(page).first().waitFor();
        equal(await page.getByLabel("Kind").inputValue(), "medical");
        await page.context().close();
    });

    await check("two voices are merged and named by keyboard, and it is undone", async () => {
        const page = await open("voices");
        await rows(page).first().waitFor();
        const before = await rows(page).count();
        for (const i of [0, 1]) {
            await rows(page).nth(i).locator("input[type=checkbox]").focus();
            await page.keyboard.press("Space");
        }
        await page.getByRole("button", { name: /Merge 2/ }).focus();
        await page.keyboard.press("Enter");
        const dialog = page.getByRole("dialog");
        await dialog.waitFor();
        await page.audit("the dialog of naming");
        await page.picture("voices-naming");
        await dialog.getByLabel("Name in English").fill("Rescuers of the valley");
        await dialog.getByLabel("Why").fill("the same people");
        await dialog.getByLabel("Why").press("Enter");
        await page.locator(".toast", { hasText: "Kept" }).waitFor();
        await page.locator(".voice-row", { hasText: "Rescuers of the valley" }).waitFor();
        await page.locator(".toast").getByRole("button", { name: "Undo" }).click();
        await page.locator(".voice-row", { hasText: "Rescuers of the valley" }).waitFor({ state: "detached" });
        await page.waitForFunction((n) => document.querySelectorAll(".voice-row").length === n, before);
        await page.context().close();
    });

    for (const [language, theme, width] of pairs([["en", "dark", 1280], ["ar", "light", 390]])) {
        await check(`two outlets are compared: ${language}, ${theme}, ${width}`, async () => {
            const page = await open("compare", { language, theme, width });
            await page.locator(".compare-form").waitFor();
            await page.audit(`before ${language}`);
            const inputs = page.locator(".compare-form input");
            await inputs.nth(0).fill("نهر نيوز");
            await inputs.nth(1).fill("أطلس الضحى");
            await inputs.nth(1).press("Enter");
            await page.locator(".compare-answer").waitFor();
            await page.audit(`two outlets ${language}`);
            await page.picture(`compare-${language}-${theme}-${width}`, { fullPage: true });
            await page.context().close();
        });
    }

    await check("what one outlet alone tells is told, and is no agreement", async () => {
        const page = await open("compare?a=" + encodeURIComponent("بريد المشرق الجديد") + "&b=" + encodeURIComponent("نهر نيوز"));
        await page.locator(".compare-alone", { hasText: "only نهر نيوز: Missing" }).waitFor();
        const box = page.getByLabel(/do not tell the same \([1-9]/);
        await box.check();
        await page.locator(".compare-alone").first().waitFor();
        await page.context().close();
    });

    await check("two periods and two places are compared", async () => {
        const page = await open("compare?by=period&a=2026-01&b=2026-02");
        await page.locator(".compare-sides").waitFor();
        await page.goto(new URL("compare?by=place&a=Deir&b=Aden", server.url).href);
        await page.locator(".compare-sides").waitFor();
        await page.picture("compare-places", { fullPage: true });
        page.expected.push(/status of 400/);
        await page.goto(new URL("compare?by=period&a=never&b=2026-02", server.url).href);
        await page.locator("[role=alert]").waitFor();
        await page.context().close();
    });
});
