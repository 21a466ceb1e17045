/* Before the first paint: the reader's language and light, so that nothing flashes or turns around. */
import { systemIsDark, wishedLanguage, wishedTheme } from "./kept";

const root = document.documentElement;
const language = wishedLanguage();
root.lang = language;
root.dir = language === "ar" ? "rtl" : "ltr";
const theme = wishedTheme();
root.dataset.theme = theme === "system" ? (systemIsDark.matches ? "dark" : "light") : theme;
