/* What a reader chose for themselves, in their browser: the frame's first script (boot.ts) knows it before all else does. */
export function kept(name: string): string | null {
    try {
        return localStorage.getItem("isnad-" + name);
    } catch {
        return null;
    }
}

export function keep(name: string, value: string): void {
    try {
        localStorage.setItem("isnad-" + name, value);
    } catch {
        // A browser that keeps nothing: the choice holds for this page.
    }
}

export const oneOf = <T extends string>(value: string | null | undefined, ...allowed: [T, ...T[]]): T => allowed.find((one) => one === value) ?? allowed[0];

export type Language = "ar" | "en";
export type Theme = "light" | "dark" | "system";

const asked = new URLSearchParams(location.search);
export const wishedLanguage = (): Language => oneOf(asked.get("lang") ?? kept("language"), /^ar\b/i.test(navigator.language) ? "ar" : "en", "ar", "en");
export const wishedTheme = (): Theme => oneOf(asked.get("theme") ?? kept("theme"), "system", "light", "dark");
export const systemIsDark = matchMedia("(prefers-color-scheme: dark)");
