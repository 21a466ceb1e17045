// The frame: languages, light and dark, digits, the ways between the views by mouse and by keyboard.
import { check, equal, equalSoon, flow, ok, okSoon, pairs, together } from "./harness.mjs";

const text = (page, selector) => page.locator(selector).first().innerText();
const focused = (page) => page.evaluate(() => document.activeElement.getAttribute("aria-label") ?? document.activeElement.textContent);
const stored = (page, ...names) => page.evaluate((all) => all.map((name) => localStorage.getItem("isnad-" + name)), names);

async function openPalette(page) {
    await page.keyboard.press("Control+k");
    await page.waitForFunction(() => document.activeElement?.matches("dialog [role=combobox]"));
}

await flow(async ({ open }) => {
    for (const [language, theme, width] of pairs()) {
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
        await page.locator("[role=menu]").waitFor({ state: "detached" }); // the next press is for the page
        equal(await page.evaluate(() => document.documentElement.dir), "rtl");
        await okSoon(async () => (await page.title()).includes("إسناد"), "the title follows");
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
        await okSoon(async () => (await paper()) !== before, "the paper is darker");
        await page.getByRole("menuitemradio", { name: /0123/ }).click();
        await page.getByRole("menuitemcheckbox", { name: /الهجري/ }).click();
        await page.picture("menu-settings-ar-dark");
        await equalSoon(() => stored(page, "theme", "digits", "hijri"), ["dark", "latn", "1"]);
        await page.reload();
        await equalSoon(() => page.evaluate(() => document.documentElement.dataset.theme), "dark");
        const dark = await paper();
        await page.getByRole("button", { name: "اللغة والعرض" }).click();
        await page.getByRole("menuitemradio", { name: "كما في النظام" }).click();
        await equalSoon(paper, before, "the system is light");
        await page.emulateMedia({ colorScheme: "dark" });
        await equalSoon(paper, dark, "the system is dark now");
        await page.context().close();
    });

    await check("a menu is used by keyboard", async () => {
        const page = await open("voices");
        await page.getByRole("button", { name: "Language and display" }).focus();
        await page.keyboard.press("ArrowDown");
        await equalSoon(() => focused(page), "العربية", "the first item");
        await page.keyboard.press("End");
        await equalSoon(() => focused(page), "Hijri beside Gregorian", "the last item");
        await page.keyboard.press("d");
        await equalSoon(() => focused(page), "Dark", "by its letter");
        await page.keyboard.press("Escape");
        await equalSoon(() => focused(page), "Language and display", "the focus is back");
        await page.locator("[role=menu]").waitFor({ state: "detached" });
        await page.context().close();
    });

    await check("keys lead from view to view, and back leads back", async () => {
        const page = await open("incidents");
        await page.locator("h1").waitFor();
        await together(page, "g", "v");
        await page.waitForURL("**/voices");
        await page.waitForFunction(() => document.activeElement?.matches("h1"));
        await together(page, "g", "c");
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
        await equalSoon(() => focused(page), "Skip to the content");
        await page.keyboard.press("Enter");
        await page.waitForFunction(() => document.activeElement?.id === "content");
        await page.context().close();
    });

    await check("the palette finds views and takes words to search for", async () => {
        const page = await open("voices");
        await page.locator("h1").waitFor();
        await openPalette(page);
        await page.audit("the palette is open");
        await page.keyboard.type("comp");
        await page.picture("palette");
        await page.keyboard.press("Enter");
        await page.waitForURL("**/compare");
        await openPalette(page);
        await page.keyboard.type("market strike");
        await page.keyboard.press("Enter");
        await page.waitForURL("**/incidents?text=market+strike");
        await page.context().close();
    });

    await check("the palette understands how Arabic is typed", async () => {
        const page = await open("compare", { language: "ar" });
        await page.locator("h1").waitFor();
        await openPalette(page);
        await page.keyboard.type("الاصوات");
        await page.keyboard.press("Enter");
        await page.waitForURL("**/voices");
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

    await check("shortcuts of a single key are switched off by who wishes so", async () => {
        const page = await open("voices");
        await page.getByRole("button", { name: "Language and display" }).click();
        await page.getByRole("menuitemcheckbox", { name: "Shortcuts of a single key" }).click();
        await page.keyboard.press("Escape");
        await page.locator("[role=menu]").waitFor({ state: "detached" });
        await page.keyboard.press("?");
        await openPalette(page);
        equal(await page.getByRole("dialog").count(), 1, "the palette alone is open");
        await page.context().close();
    });

    await check("a list of a million rows is scrolled to its end and back", async () => {
        const COUNT = 1000000;
        const SIZE = 10000;
        const page = await open("voices");
        let asked = 0;
        const event = (i) => ({ id: i, time: "2026-01-01", name: `row ${i}`, what: "login" });
        const session = { user: { id: "1", name: "Test", role: "admin" }, csrf: "", public: false, setup: false, accounts: true, ledger: null, version: "", two_reviewers: [], may: ["read", "admin"] };
        await page.route("**/api/v1/**", (route) => {
            const url = new URL(route.request().url());
            const from = Number(url.searchParams.get("after") ?? 0);
            if (url.pathname.endsWith("/session")) {
                return route.fulfill({ json: session });
            }
            if (url.pathname.endsWith("/audit")) {
                asked++;
                return route.fulfill({ json: { events: Array.from({ length: SIZE }, (_, i) => event(from + i)), next: from + SIZE < COUNT ? String(from + SIZE) : null } });
            }
            return route.fulfill({ status: 204 });
        });
        page.expected.push(/EventSource/);
        await page.goto(new URL("admin?tab=audit", page.url()).href);
        const row = (i) => page.getByText(`row ${i}`, { exact: true });
        await row(0).waitFor();
        await page.locator("[data-row='0']").focus();
        for (let known = SIZE; known < COUNT; known += SIZE) {
            await page.keyboard.press("End");
            await row(known - 1).waitFor();
            await row(known).waitFor({ state: "attached" });
        }
        await page.keyboard.press("End");
        await row(COUNT - 1).waitFor();
        equal(asked, COUNT / SIZE, "each page is asked once");
        ok((await page.locator("[data-row]").count()) < 60, "only what is seen is in the page");
        ok((await page.locator(".virtual-whole").evaluate((e) => e.offsetHeight)) <= 8000000, "no element is higher than browsers bear");
        const box = page.locator(".virtual");
        await box.evaluate((e) => (e.scrollTop = e.scrollHeight / 2));
        const middle = await page.waitForFunction(() => {
            const numbers = [...document.querySelectorAll(".virtual-row bdi")].map((e) => Number(/^row (\d+)$/.exec(e.textContent)?.[1] ?? -1));
            return numbers.some((n) => n > 490000 && n < 510000) && numbers.find((n) => n > 0);
        });
        ok(await middle.jsonValue(), "half way is the middle of the list");
        // A small step shows the rows beside, none left out.
        await page.locator(".virtual-waiting").first().waitFor({ state: "detached" });
        const before = await page.locator(".virtual-row").evaluateAll((all) => Math.min(...all.map((e) => Number(e.dataset.row))));
        await box.evaluate((e) => (e.scrollTop += 36 * 3));
        await page.waitForFunction((n) => Math.min(...[...document.querySelectorAll(".virtual-row")].map((e) => Number(e.dataset.row))) === n + 3, before);
        await page.locator(".virtual-row.active, .virtual-row").first().focus();
        await page.keyboard.press("Home");
        await row(0).waitFor();
        await page.context().close();
    });

    await check("what is not there says so", async () => {
        const page = await open("jobs/a");
        await page.getByText("Not found").first().waitFor();
        await page.audit("not found");
        await page.context().close();
    });
});
