// The queue of review, as two people work it off: by keyboard, undone, proposed and confirmed, seen by the other.
import { check, equal, flow, ok, pairs } from "./harness.mjs";

const items = (page) => page.locator(".queue-item");
const claims = (page) => page.locator(".case-claim");

await flow(async ({ open, server }) => {
    for (const [language, theme, width] of pairs()) {
        await check(`the queue: ${language}, ${theme}, ${width}`, async () => {
            const page = await open("review", { language, theme, width, as: "Rima" });
            await items(page).first().waitFor();
            await page.audit(`the queue ${language} ${width}`);
            await page.picture(`review-${language}-${theme}-${width}`);
            if (width < 900) {
                await items(page).first().click();
            }
            await claims(page).first().waitFor();
            await page.audit(`a case ${language} ${width}`);
            await page.picture(`review-case-${language}-${theme}-${width}`, { fullPage: width < 900 });
            await page.context().close();
        });
    }

    await check("a case is worked off by keyboard, and undone", async () => {
        const page = await open("review", { as: "Rima" });
        await claims(page).first().waitFor();
        await page.keyboard.press("a");
        await claims(page).nth(0).locator(".chip", { hasText: "accepted" }).waitFor();
        await page.waitForFunction(() => document.querySelectorAll(".case-claim")[1]?.matches("[aria-current=true]"));
        await page.keyboard.press("x");
        await page.locator(".case-claim.is-rejected").waitFor();
        await page.keyboard.press("Control+z");
        await page.locator(".case-claim.is-rejected").waitFor({ state: "detached" });
        await page.keyboard.press("c");
        const dialog = page.getByRole("dialog");
        await page.waitForFunction(() => document.activeElement?.matches("dialog [name=count]")); // the form begins in its first field
        await page.audit("correcting");
        await page.picture("review-correct");
        await dialog.getByLabel("Figure").fill("nonsense");
        page.expected.push(/status of 400/);
        await dialog.getByLabel("Why").press("Enter");
        await dialog.locator("[role=alert]").waitFor();
        await dialog.getByLabel("Figure").fill("٥ – ٧"); // as an Arabic keyboard types it
        await dialog.getByLabel("Why").fill("see the second sentence");
        await dialog.getByLabel("Why").press("Enter");
        await dialog.waitFor({ state: "detached" });
        await page.locator(".case-claim", { has: page.locator(".chip", { hasText: "corrected" }) }).locator(".figure", { hasText: "5–7" }).waitFor();
        await page.context().close();
    });

    await check("Enter on a button does what the button says", async () => {
        const page = await open("review", { as: "Rima" });
        await claims(page).first().waitFor();
        await claims(page).first().getByRole("button", { name: "Comment" }).focus();
        await page.keyboard.press("Enter");
        await page.getByRole("dialog").getByRole("textbox").waitFor();
        ok(page.url().endsWith("/review"), page.url());
        await page.context().close();
    });

    await check("an incident is graded, taken, commented and settled by keyboard", async () => {
        const page = await open("review", { as: "Rima" });
        await claims(page).first().waitFor();
        const id = decodeURIComponent(new URL(await page.locator(".case-head h2 a").getAttribute("href"), server.url).pathname.split("/").pop());
        await page.keyboard.press("r");
        await page.getByRole("dialog").getByRole("radio").first().waitFor();
        await page.audit("grading");
        await page.getByRole("radio", { name: /fair/i }).first().check();
        await page.getByRole("dialog").getByLabel("Why").press("Enter");
        await page.locator(".toast", { hasText: "Grade" }).waitFor();
        await page.getByRole("dialog").waitFor({ state: "detached" });
        await page.keyboard.press("t");
        await page.getByRole("dialog").getByRole("textbox").fill("To be asked of the hospital");
        await page.getByRole("button", { name: "Add the comment" }).click();
        await page.locator(".toast", { hasText: "Comment" }).waitFor();
        await page.getByRole("dialog").waitFor({ state: "detached" });
        await page.keyboard.press("i");
        await page.locator(".toast", { hasText: "Assigned" }).waitFor();
        await page.goto(new URL("incidents/" + id, server.url).href);
        await page.locator(".comments", { hasText: "To be asked of the hospital" }).waitFor();
        await page.keyboard.press("d");
        await page.locator(".toast", { hasText: "Settled" }).waitFor();
        await page.audit("the incident's own page");
        await page.context().close();
    });

    await check("two incidents are merged and split again", async () => {
        const page = await open("review", { as: "Rima" });
        await claims(page).first().waitFor();
        await page.keyboard.press("m");
        const dialog = page.getByRole("dialog");
        await dialog.getByRole("searchbox").fill("من");
        await dialog.getByRole("checkbox").first().waitFor();
        await page.audit("merging");
        await page.picture("review-merge");
        await dialog.getByRole("checkbox").first().check();
        await dialog.getByLabel("Why").press("Enter");
        await page.locator(".toast", { hasText: "Merged" }).waitFor();
        await page.locator(".toast").getByRole("button", { name: "Undo" }).click();
        await page.locator(".toast", { hasText: "Undone" }).waitFor();
        await page.context().close();
    });

    await check("who is looking at it now is seen, and what the other does appears", async () => {
        const page = await open("review", { as: "Rima" });
        await claims(page).first().waitFor();
        const href = await page.locator(".case-head h2 a").getAttribute("href");
        const other = await open(href.replace(/^\//, ""), { as: "Omar" });
        await other.locator("h1").waitFor();
        await page.locator(".case .chip", { hasText: "Omar" }).waitFor();
        await other.locator(".chip", { hasText: "Rima" }).waitFor();
        await other.keyboard.press("t");
        await other.getByRole("dialog").getByRole("textbox").fill("Seen by two");
        await other.getByRole("button", { name: "Add the comment" }).click();
        await other.locator(".comments", { hasText: "Seen by two" }).waitFor();
        await page.goto(new URL(href, server.url).href);
        await page.locator(".comments", { hasText: "Seen by two" }).waitFor();
        await other.context().close();
        await page.context().close();
    });

    await check("what takes two is proposed by one and confirmed by another, never by the same", async () => {
        const admin = await open("admin", { as: "Nour" });
        await admin.locator("h1").waitFor();
        equal(await admin.evaluate(async () => {
            const session = await (await fetch("api/v1/session")).json();
            const answer = await fetch("api/v1/settings", { method: "PATCH", headers: { "Content-Type": "application/json", "X-Isnad-CSRF": session.csrf }, body: JSON.stringify({ two_reviewers: ["settle"] }) });
            return answer.status;
        }), 200, "the settings take it");
        await admin.context().close();
        const page = await open("review", { as: "Rima" });
        await claims(page).first().waitFor();
        await page.keyboard.press("d");
        await page.locator(".toast", { hasText: "second reviewer" }).waitFor();
        await page.goto(new URL("review?reason=proposal", server.url).href);
        await page.locator(".proposal").waitFor();
        ok(/another reviewer has to confirm/.test(await page.locator(".proposal").innerText()), "not by the same");
        equal(await page.locator(".proposal button").count(), 0, "no button for one's own");
        await page.context().close();
        const other = await open("review?reason=proposal", { as: "Omar", language: "ar" });
        await other.locator(".proposal").waitFor();
        await other.audit("proposals");
        await other.picture("review-proposals-ar");
        await other.locator(".proposal .button.strong").click();
        await other.locator(".proposal").waitFor({ state: "detached" });
        await other.context().close();
    });

    await check("what is said while the connection is gone is not lost, and acts once", async () => {
        const page = await open("review", { as: "Rima" });
        await claims(page).first().waitFor();
        page.expected.push(/ERR_INTERNET_DISCONNECTED|Failed to load resource/);
        let dropped = 0;
        await page.route("**/api/v1/acts", async (route) => {
            if (dropped++ === 0) {
                await route.fetch(); // the server acts, its answer is lost
                await route.abort("connectionreset");
            } else {
                await route.continue();
            }
        });
        await page.keyboard.press("t");
        await page.getByRole("dialog").getByRole("textbox").fill("Said once");
        await page.getByRole("button", { name: "Add the comment" }).click();
        await page.locator(".toast", { hasText: "Comment" }).waitFor();
        ok(dropped >= 2, "it was sent again");
        await page.goto(new URL(await page.locator(".case-head h2 a").getAttribute("href"), server.url).href);
        await page.locator(".comments li", { hasText: "Said once" }).first().waitFor();
        equal(await page.locator(".comments li", { hasText: "Said once" }).count(), 1);
        await page.context().close();
    });
}, { accounts: { Nour: "admin", Rima: "reviewer", Omar: "reviewer" } });
