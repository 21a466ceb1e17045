/* What a reader chooses for themselves: kept in their browser, told to nobody. */
import { effect, signal } from "@preact/signals";

export type Language = "ar" | "en";
export type Theme = "light" | "dark" | "system";
type Digits = "latn" | "arab";

function kept(name: string): string | null {
    try {
        return localStorage.getItem("isnad-" + name);
    } catch {
        return null;
    }
}

function keep(name: string, value: string): void {
    try {
        localStorage.setItem("isnad-" + name, value);
    } catch {
        // A browser that keeps nothing: the choice holds for this page.
    }
}

const root = document.documentElement;
const oneOf = <T extends string>(value: string | null | undefined, ...allowed: T[]): T =>
    allowed.includes(value as T) ? (value as T) : allowed[0];

/* The language that is shown; i18n.ts changes it once its words are there. */
export const language = signal<Language>(root.lang === "ar" ? "ar" : "en");
export const theme = signal<Theme>(oneOf(root.dataset.theme ?? kept("theme"), "system", "light", "dark"));
/* Of the Arabic interface; the English one has Western digits always. */
export const digits = signal<Digits>(oneOf(kept("digits"), "arab", "latn"));
/* Hijri dates beside Gregorian ones. */
export const hijri = signal<boolean>(kept("hijri") === "1");

export function keepLanguage(value: Language): void {
    keep("language", value);
}

let started = false;
effect(() => {
    const values = { theme: theme.value, digits: digits.value, hijri: hijri.value ? "1" : "0" };
    if (values.theme === "system") {
        delete root.dataset.theme;
    } else {
        root.dataset.theme = values.theme;
    }
    if (started) {
        Object.entries(values).forEach(([name, value]) => keep(name, value));
    }
    started = true;
});

const dark = matchMedia("(prefers-color-scheme: dark)");
const systemDark = signal(dark.matches);
dark.addEventListener("change", () => (systemDark.value = dark.matches));
/* For what is drawn on a canvas: everything else follows the custom properties. */
export const isDark = (): boolean => (theme.value === "system" ? systemDark.value : theme.value === "dark");
/* The reader wants nothing to move by itself. */
export const wantsStill = (): boolean => matchMedia("(prefers-reduced-motion: reduce)").matches;
