/* Before the first paint: the reader's language and light, so that nothing flashes or turns around. */
function kept(name: string): string | null {
    try {
        return localStorage.getItem(name);
    } catch {
        return null;
    }
}

const asked = new URLSearchParams(location.search);
const root = document.documentElement;
const wished = asked.get("lang") ?? kept("isnad-language");
const language = wished === "ar" || wished === "en" ? wished : /^ar\b/i.test(navigator.language) ? "ar" : "en";
root.lang = language;
root.dir = language === "ar" ? "rtl" : "ltr";
const theme = asked.get("theme") ?? kept("isnad-theme");
if (theme === "light" || theme === "dark") {
    root.dataset.theme = theme;
}
