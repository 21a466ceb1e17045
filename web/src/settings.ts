/* What a reader chooses for themselves: kept in their browser, told to nobody. */
import { computed, effect, signal } from "@preact/signals";
import { keep, kept, oneOf, systemIsDark, wishedTheme, type Language, type Theme } from "./kept";

export type { Language, Theme };
type Digits = "latn" | "arab";

const root = document.documentElement;

/* The language that is shown; i18n.ts changes it once its words are there. */
export const language = signal<Language>(root.lang === "ar" ? "ar" : "en");
export const theme = signal<Theme>(wishedTheme());
/* Of the Arabic interface; the English one has Western digits always. */
export const digits = signal<Digits>(oneOf(kept("digits"), "arab", "latn"));
/* Hijri dates beside Gregorian ones. */
export const hijri = signal<boolean>(kept("hijri") === "1");
/* Keys without Ctrl or Alt do something. */
export const letterKeys = signal<boolean>(kept("keys") !== "0");
/* What is made for paper is light, whatever the reader's screen. */
export const onPaper = signal(false);

export function keepLanguage(value: Language): void {
    keep("language", value);
}

let started = false;
effect(() => {
    const values = { theme: theme.value, digits: digits.value, hijri: hijri.value ? "1" : "0", keys: letterKeys.value ? "1" : "0" };
    if (started) {
        Object.entries(values).forEach(([name, value]) => keep(name, value));
    }
    started = true;
});

const systemDark = signal(systemIsDark.matches);
systemIsDark.addEventListener("change", () => (systemDark.value = systemIsDark.matches));
const dark = computed(() => !onPaper.value && (theme.value === "system" ? systemDark.value : theme.value === "dark"));
effect(() => void (root.dataset.theme = dark.value ? "dark" : "light"));
/* For what is drawn on a canvas: everything else follows the custom properties. */
export const isDark = (): boolean => dark.value;
/* The reader wants nothing to move by itself. */
export const wantsStill = (): boolean => matchMedia("(prefers-reduced-motion: reduce)").matches;
