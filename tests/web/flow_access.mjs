// Who comes in and what they may: the first account, signing in and out, passwords, tokens, accounts, settings, the log.
import { check, equal, equalSoon, flow, ok, okSoon } from "./harness.mjs";

const NAME = "ليلى الحسن";
const PASSWORD = "مفتاح بين الزيتون والبحر";
const AGAIN = "another long one, quite";
// What the browser says of answers that these tests cause on purpose.
const refused = (...codes) => codes.map((code) => new RegExp(`status of ${code}`));

async function signIn(page, name, password, words = ["Name", "Password", "Sign in"]) {
    await page.getByLabel(words[0], { exact: true }).fill(name);
    await page.getByLabel(words[1], { exact: true }).fill(password);
    await page.locator("main").getByRole("button", { name: words[2] }).click();
}

await flow(async ({ open, server }) => {
    const printed = () => /https?:\/\/\S+setup#[0-9a-f]+(?=\s)/.exec(server.said())?.[0] ?? "";

    await check("without an account one is sent to sign in, and told of the link", async () => {
        const page = await open("voices");
        await page.waitForURL(/\/setup/);
        await page.getByText("The first account is made by a link.").waitFor();
        await page.audit("no account yet");
        await page.context().close();
    });

    await check("the first account is made by the link, which then is good no more", async () => {
        await okSoon(printed, "the link was printed");
        const link = printed();
        const page = await open(new URL(link).pathname.slice(1) + new URL(link).hash, { language: "ar", expect: refused(400) });
        await page.getByLabel("الاسم", { exact: true }).waitFor();
        await okSoon(() => !page.url().includes("#"), "the secret is gone from the address bar");
        await page.audit("setup");
        await page.picture("access-setup-ar");
        await page.getByLabel("الاسم", { exact: true }).fill(NAME);
        await page.getByLabel("كلمة السر", { exact: true }).fill("short");
        await page.getByRole("button", { name: "أنشئ الحساب" }).click();
        await page.getByText("لا تصلح كلمة سر").waitFor();
        await page.audit("a password that cannot be one");
        await page.getByLabel("كلمة السر", { exact: true }).fill(PASSWORD);
        await page.getByRole("button", { name: "أنشئ الحساب" }).click();
        await page.getByRole("button", { name: new RegExp(NAME) }).waitFor();
        await page.goto(link);
        await page.getByText("سبق إنشاء الحساب الأول.").waitFor();
        await page.context().close();
    });

    await check("a wrong password is told, a right one leads to where one wanted to go", async () => {
        const page = await open("compare?by=outlet", { expect: refused(401) });
        await page.waitForURL(/\/login\?to=compare/);
        await page.audit("login");
        await page.picture("access-login");
        await signIn(page, NAME, "this is not the password");
        await page.getByText("No account has this name and password.").waitFor();
        await page.audit("login refused");
        await page.picture("access-login-wrong");
        await signIn(page, NAME, PASSWORD);
        await page.waitForURL(/\/compare\?by=outlet/);
        await page.locator("h1", { hasText: "Compare" }).waitFor();
        let asked = 0;
        page.on("request", (request) => (asked += request.url().endsWith("/events") ? 1 : 0));
        await page.reload();
        await page.locator(".live.is-live").waitFor({ state: "attached" });
        await page.locator("h1", { hasText: "Compare" }).waitFor();
        equal(asked, 1, "one connection for events");
        await page.context().close();
    });

    await check("nobody is led to another site after signing in", async () => {
        const page = await open("login?to=//example.org/x");
        await signIn(page, NAME, PASSWORD);
        await page.waitForURL((url) => url.origin === new URL(server.url).origin && url.pathname !== "/login");
        await page.context().close();
    });

    await check("an account is made, its role changed, it is locked and removed", async () => {
        const page = await open("admin", { expect: refused(400, 409) });
        await page.waitForURL(/\/login/);
        await signIn(page, NAME, PASSWORD);
        await page.getByRole("tab", { name: "Accounts" }).waitFor();
        await page.getByRole("button", { name: "New account" }).click();
        await page.audit("new account");
        const dialog = page.getByRole("dialog");
        await dialog.getByLabel("Name").fill(NAME);
        await dialog.getByLabel("First password").fill(AGAIN);
        await dialog.getByRole("button", { name: "Make the account" }).click();
        await dialog.getByText("There is an account of this name").waitFor();
        await dialog.getByLabel("Name").fill("Omar K.");
        await dialog.getByRole("button", { name: "Make the account" }).click();
        await page.getByRole("row", { name: /Omar K\./ }).waitFor();
        await page.getByLabel("Role of Omar K.").selectOption("reader");
        await page.getByText("Saved.").first().waitFor();
        await page.audit("accounts");
        await page.picture("access-users");
        // The only administrator cannot be made a reader.
        await page.getByLabel(`Role of ${NAME}`).selectOption("reader");
        await page.getByText("This is the only administrator").waitFor();
        await equalSoon(() => page.getByLabel(`Role of ${NAME}`).inputValue(), "admin", "the role is as it was");
        await page.getByRole("button", { name: "More on Omar K." }).click();
        await page.getByRole("menuitem", { name: "Lock the account" }).click();
        await page.getByRole("row", { name: /Omar K\..*locked/ }).waitFor();
        await page.getByRole("button", { name: "More on Omar K." }).click();
        await page.getByRole("menuitem", { name: "Unlock the account" }).click();
        await page.getByRole("row", { name: /Omar K\./ }).filter({ hasNotText: "locked" }).waitFor();
        await page.context().close();
    });

    await check("a reader sees what a reader may, and is refused the rest", async () => {
        const page = await open("login");
        await signIn(page, "Omar K.", AGAIN);
        await page.getByRole("button", { name: /Omar K\./ }).waitFor();
        equal(await page.locator(".nav a").allInnerTexts(), ["Incidents", "Voices", "Compare"]);
        await page.goto(new URL("admin", server.url).href);
        await page.getByText("Your account does not allow this.").waitFor();
        await page.audit("forbidden");
        await page.getByRole("button", { name: /Omar K\./ }).click();
        await page.getByRole("menuitem", { name: "Sign out" }).click();
        await page.waitForURL(/\/login/);
        await page.goto(new URL("voices", server.url).href);
        await page.waitForURL(/\/login\?to=voices/);
        await page.context().close();
    });

    await check("a token is shown once, works within its scopes, and is taken back", async () => {
        const page = await open("login?to=account", { language: "en", theme: "dark", width: 390 });
        await signIn(page, NAME, PASSWORD);
        await page.getByRole("button", { name: "New token" }).click();
        await page.getByLabel("What for").fill("nightly export");
        await page.getByLabel("export", { exact: true }).check();
        await page.getByRole("button", { name: "Make the token" }).click();
        const secret = await page.locator(".secret code").innerText();
        await page.audit("token made");
        await page.picture("access-token-390-dark");
        await page.getByRole("button", { name: "I have kept it" }).click();
        const ask = async (path) => (await fetch(new URL(`api/v1/${path}`, server.url), { headers: { Authorization: `Bearer ${secret}` } })).status;
        equal([await ask("statistics"), await ask("users")], [200, 403]);
        await page.reload();
        await page.getByText("nightly export").waitFor();
        ok(!(await page.content()).includes(secret), "the token is not shown again");
        await page.getByRole("button", { name: /Take back the token .nightly export./ }).click();
        await page.getByRole("dialog").getByRole("button", { name: "Take back" }).click();
        await page.getByText("There are none.").waitFor();
        equal(await ask("statistics"), 401);
        await page.context().close();
    });

    await check("the password is changed, other sessions end", async () => {
        const other = await open("login?to=voices", { expect: refused(401) });
        await signIn(other, "Omar K.", AGAIN);
        await other.locator("h1", { hasText: "Voices" }).waitFor();
        const page = await open("login?to=account", { language: "en", expect: refused(403) });
        await signIn(page, "Omar K.", AGAIN);
        await page.getByLabel("Password now").fill("not this one, no");
        await page.getByLabel("New password").fill("the third of them, longer");
        await page.getByRole("button", { name: "Change the password" }).click();
        await page.getByText("This is not the password.").waitFor();
        await page.audit("account");
        await page.picture("access-account");
        await page.getByLabel("Password now").fill(AGAIN);
        await page.getByRole("button", { name: "Change the password" }).click();
        await page.getByText("The password is changed.").waitFor();
        await page.getByRole("button", { name: /Omar K\./ }).waitFor();
        await other.goto(new URL("voices", server.url).href);
        await other.waitForURL(/\/login/);
        await other.context().close();
        await page.context().close();
    });

    await check("settings hold: what is public is read without an account", async () => {
        const page = await open("login?to=admin", { language: "ar" });
        await signIn(page, NAME, PASSWORD, ["الاسم", "كلمة السر", "تسجيل الدخول"]);
        await page.getByRole("tab", { name: "الإعدادات" }).click();
        await page.getByLabel("اسم المشروع").fill("مكتب الفرات");
        await page.getByLabel("القراءة متاحة للجميع دون حساب").check();
        await page.getByLabel("الدمج", { exact: true }).check();
        await page.audit("settings");
        await page.picture("access-settings-ar");
        await page.getByRole("button", { name: "حفظ" }).click();
        await page.getByText("حُفظ.").waitFor();
        const session = await (await fetch(new URL("api/v1/session", server.url))).json();
        equal([session.public, session.two_reviewers, session.ledger.name], [true, ["merge"], "مكتب الفرات"]);
        const guest = await open("voices");
        await guest.locator("h1", { hasText: "Voices" }).waitFor();
        await guest.getByRole("link", { name: "Sign in" }).waitFor();
        await guest.context().close();
    });

    await check("the log tells who did what", async () => {
        const page = await open("login?to=admin", { language: "ar", theme: "dark", width: 390, height: 2000 });
        await signIn(page, NAME, PASSWORD, ["الاسم", "كلمة السر", "تسجيل الدخول"]);
        await page.getByRole("tab", { name: "السجل" }).click();
        await page.getByText("إنشاء رمز").first().waitFor();
        await page.getByText("تغيير كلمة السر").first().waitFor();
        // What it was about is said in words too.
        await page.locator(".audit-row", { hasText: "تغيير إعداد: القراءة متاحة للجميع" }).waitFor();
        await page.locator(".audit-row", { hasText: "مراجِع ثانٍ في: الدمج" }).waitFor();
        await page.locator(".audit-row", { hasText: "Omar K. · قارئ" }).waitFor();
        await page.audit("log");
        await page.picture("access-log-ar-390");
        await page.context().close();
    });
}, { accounts: {} });
