/* What stands around every view: the way to the others, what the reader chooses for themselves, who they are. */
import type { ComponentChildren } from "preact";
import { href } from "../base";
import { connection } from "../events";
import { switchLanguage, t } from "../i18n";
import { go, place } from "../router";
import type { Section } from "../routes";
import { may, session, signOut, user } from "../session";
import { digits, hijri, language, letterKeys, theme, type Theme } from "../settings";
import { helpOpen, Icon, IconButton, Kbd, Menu, ShortcutHelp, toast, Toasts, errorWords, useShortcuts, type IconName, type MenuItem } from "../ui";
import { Palette, paletteOpen, useCommands } from "./Palette";

interface Item {
    section: Section;
    path: string;
    icon: IconName;
    label: string;
    keys: string;
    shown: boolean;
}

function items(): Item[] {
    return [
        { section: "incidents", path: "", icon: "incidents", label: "nav_incidents", keys: "g i", shown: may("read") },
        { section: "review", path: "review", icon: "review", label: "nav_review", keys: "g r", shown: may("review") },
        { section: "voices", path: "voices", icon: "voices", label: "nav_voices", keys: "g v", shown: may("read") },
        { section: "compare", path: "compare", icon: "compare", label: "nav_compare", keys: "g c", shown: may("read") },
        { section: "add", path: "add", icon: "add", label: "nav_add", keys: "g a", shown: may("add") },
    ];
}

const THEMES: [Theme, IconName, string][] = [["system", "system", "theme_system"], ["light", "sun", "theme_light"], ["dark", "moon", "theme_dark"]];

function settingsSections(): { title: string; items: MenuItem[] }[] {
    const radio = (label: string, checked: boolean, run: () => void, keepOpen = true): MenuItem => ({ label, checked, run, group: "one", keepOpen });
    // Another language turns the page around: the menu does not stay in the way of it.
    const tongue = (label: string, code: "ar" | "en"): MenuItem => radio(label, language.value === code, () => void switchLanguage(code), false);
    const sections = [
        {
            title: t("settings_language"),
            items: [tongue("العربية", "ar"), tongue("English", "en")],
        },
        { title: t("settings_theme"), items: THEMES.map(([name, , key]) => radio(t(key), theme.value === name, () => (theme.value = name))) },
    ];
    if (language.value === "ar") {
        sections.push({
            title: t("settings_digits"),
            items: [radio(t("digits_arab"), digits.value === "arab", () => (digits.value = "arab")), radio(t("digits_latn"), digits.value === "latn", () => (digits.value = "latn"))],
        });
    }
    sections.push({ title: t("settings_keys"), items: [{ label: t("settings_letter_keys"), checked: letterKeys.value, keepOpen: true, run: () => void (letterKeys.value = !letterKeys.value) }] });
    sections.push({ title: t("settings_dates"), items: [{ label: t("settings_hijri"), checked: hijri.value, keepOpen: true, run: () => void (hijri.value = !hijri.value) }] });
    return sections;
}

function Account() {
    if (!session.value) {
        return null;
    }
    if (!session.value.accounts) {
        return may("admin") ? <a class="icon-button" href={href("admin")} aria-label={t("administration")} title={t("administration")}><Icon name="key" /></a> : null;
    }
    if (!user.value) {
        const path = place.value.path;
        return path === "login" || path === "setup" ? null : <a class="button plain" href={href("login", { to: path + location.search })}>{t("sign_in")}</a>;
    }
    const out = () => void signOut().then(() => go("login"), (error: unknown) => toast(errorWords(error), { wrong: true }));
    const items: MenuItem[] = [
        { label: t("account"), icon: "user", href: href("account") },
        ...(may("admin") ? [{ label: t("administration"), icon: "settings" as const, href: href("admin") }] : []),
        { label: t("sign_out"), icon: "forward", run: out },
    ];
    return (
        <Menu label={t("account_menu")} align="end" buttonClass="account-button" sections={[{ title: t("role." + user.value.role), items }]}>
            <span class="initial" aria-hidden="true">{[...user.value.name][0] ?? "?"}</span>
            <span class="account-name"><span class="unseen">{t("account_menu")} </span><bdi>{user.value.name}</bdi></span>
        </Menu>
    );
}

function Live() {
    const state = connection.value;
    const words = t(`connection_${state}`);
    return state === "still" ? null : (
        <span class={`live is-${state}`} role="status" title={words}><span class="live-dot" aria-hidden="true" /><span class={state === "lost" ? "live-words" : "unseen"}>{words}</span></span>
    );
}

function useFrameKeys(): void {
    const to = items().filter((item) => item.shown);
    useShortcuts([
        { keys: "mod+k", label: "palette_title", group: "shortcuts_everywhere", run: () => (paletteOpen.value = !paletteOpen.value) },
        { keys: "?", label: "shortcuts_title", group: "shortcuts_everywhere", run: () => (helpOpen.value = true) },
        { keys: "/", label: "shortcut_search", group: "shortcuts_everywhere", run: search },
        ...to.map((item) => ({ keys: item.keys, label: item.label, group: "shortcuts_goto", run: () => go(item.path) })),
    ]);
    useCommands([
        ...[...to].reverse().map((item) => ({ label: t(item.label), icon: item.icon, keys: item.keys, run: () => go(item.path) })),
        { label: t("switch_language"), icon: "language", run: () => void switchLanguage(language.value === "ar" ? "en" : "ar") },
        ...THEMES.map(([name, icon, key]) => ({ label: t("command_theme", { theme: t(key) }), icon, run: () => void (theme.value = name) })),
        { label: t("shortcuts_title"), icon: "keyboard" as const, keys: "?", run: () => void (helpOpen.value = true) },
    ]);
}

/* The search field of the view, else the palette. */
function search(): void {
    const field = document.querySelector<HTMLInputElement>("main input[type=search]");
    if (field) {
        field.focus();
        field.select();
    } else {
        paletteOpen.value = true;
    }
}

export function Frame({ section, children }: { section: Section; children: ComponentChildren }) {
    useFrameKeys();
    return (
        <>
            <a class="skip" href="#content">{t("skip")}</a>
            <header class="bar">
                <a class="brand" href={href("")}>{t("name")}</a>
                {may("read") && <nav class="nav" aria-label={t("nav_label")}>
                    {items().filter((item) => item.shown).map((item) => (
                        <a key={item.section} href={href(item.path)} aria-current={section === item.section ? "page" : undefined}>
                            <Icon name={item.icon} />
                            <span>{t(item.label)}</span>
                        </a>
                    ))}
                </nav>}
                <div class="bar-end">
                    <Live />
                    <button type="button" class="palette-button" onClick={() => (paletteOpen.value = true)} aria-keyshortcuts="Control+K">
                        <Icon name="search" size={16} /><span class="palette-button-words">{t("palette_button")}</span><span aria-hidden="true"><Kbd keys="mod+k" /></span>
                    </button>
                    <IconButton icon="keyboard" label={t("shortcuts_title")} class="wide-only" onClick={() => (helpOpen.value = true)} />
                    <Menu label={t("settings")} icon="settings" align="end" buttonClass="icon-button" sections={settingsSections()} />
                    <Account />
                </div>
            </header>
            <main id="content" tabIndex={-1}>{children}</main>
            <Palette />
            <ShortcutHelp />
            <Toasts />
        </>
    );
}
