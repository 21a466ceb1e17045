// The workspace: its frame, and which view stands in it for which address.
import { h, replace } from "./dom.js";
import { language, setLanguage, t } from "./language.js";
import { failed } from "./parts.js";
import { articleView } from "./views/article.js";
import { incidentView } from "./views/incident.js";
import { incidentsView } from "./views/incidents.js";
import { searchView } from "./views/search.js";
import { query } from "./api.js";

const ROUTES = [
    { path: /^\/(?:incidents)?\/?$/, view: incidentsView, section: "incidents" },
    { path: /^\/incidents\/([^/]+)$/, view: incidentView, section: "incidents" },
    { path: /^\/documents\/([^/]+)$/, view: articleView, section: "incidents" },
    { path: /^\/search\/?$/, view: searchView, section: "search" },
];

const app = document.getElementById("app");
let current = null;

function keep(name, value) {
    try {
        localStorage.setItem(name, value);
    } catch (error) {
        // A browser that keeps nothing: the choice holds for this page.
    }
}

function isDark() {
    return document.documentElement.dataset.theme === "dark" ||
        (!document.documentElement.dataset.theme && matchMedia("(prefers-color-scheme: dark)").matches);
}

function switchTheme(event) {
    const theme = isDark() ? "light" : "dark";
    document.documentElement.dataset.theme = theme;
    keep("isnad-theme", theme);
    event.currentTarget.textContent = t(isDark() ? "theme_light" : "theme_dark");
}

function switchLanguage() {
    setLanguage(language() === "ar" ? "en" : "ar");
    keep("isnad-language", language());
    const place = new URL(location.href);
    place.searchParams.delete("lang");
    history.replaceState(null, "", place);
    show({ focus: ".language" });
}

function bar(section) {
    const item = (name, path, key) => h("a", { href: path, "aria-current": section === name ? "page" : null }, t(key));
    return h("header", { class: "bar" },
             h("a", { class: "skip", href: "#content" }, t("skip")),
             h("a", { class: "brand", href: "/" }, h("span", { class: "brand-name" }, t("name")), h("span", { class: "brand-line" }, t("tagline"))),
             h("nav", { "aria-label": t("nav_label") }, item("incidents", "/", "nav_incidents"), item("search", "/search", "nav_search")),
             h("div", { class: "switches" },
               h("button", { type: "button", class: "plain language", lang: language() === "ar" ? "en" : "ar", "aria-label": t("language_switch_label"), onclick: switchLanguage }, t("language_switch")),
               h("button", { type: "button", class: "plain", "aria-label": t("theme_label"), onclick: switchTheme }, t(isDark() ? "theme_light" : "theme_dark"))));
}

function navigate(path, values = {}, { quiet = false } = {}) {
    const address = path + query(values);
    if (quiet) {
        history.replaceState(null, "", address);
    } else {
        history.pushState(null, "", address);
        show({ top: true });
    }
}

function retitle(words) {
    document.title = `${words} · ${t("name")}`;
}

function decoded(text) {
    try {
        return decodeURIComponent(text);
    } catch (error) {
        return text;
    }
}

function show({ focus = null, top = false } = {}) {
    current?.abort();
    current = new AbortController();
    const path = location.pathname;
    const route = ROUTES.find((entry) => entry.path.test(path));
    const id = route ? decoded(route.path.exec(path)[1] ?? "") : null;
    const context = { id, parameters: new URLSearchParams(location.search), navigate, retitle, signal: current.signal };
    const view = route ? route.view(context) : { element: failed({ code: 404 }), title: t("not_found_title") };
    replace(app, bar(route?.section), h("main", { id: "content", tabindex: "-1" }, view.element));
    retitle(view.title);
    if (top) {
        scrollTo(0, 0);
    }
    const target = focus ? app.querySelector(focus) : view.focus;
    (target ?? (top ? app.querySelector("main") : null))?.focus({ preventScroll: true });
}

function inside(event) {
    const anchor = event.target.closest?.("a[href]");
    if (!anchor || event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) {
        return null;
    }
    const href = anchor.getAttribute("href") ?? anchor.href?.baseVal;
    return !href || anchor.target || "outside" in anchor.dataset || !(href.startsWith("/") || href.startsWith("#")) ? null : href;
}

function jump(hash) {
    const target = document.getElementById(decoded(hash.slice(1)));
    if (target) {
        history.replaceState(null, "", location.pathname + location.search + hash);
        const smooth = !matchMedia("(prefers-reduced-motion: reduce)").matches;
        target.scrollIntoView({ block: hash === "#content" ? "start" : "center", behavior: smooth ? "smooth" : "auto" });
        target.focus({ preventScroll: true });
    }
}

document.addEventListener("click", (event) => {
    const href = inside(event);
    if (href) {
        event.preventDefault();
        if (href.startsWith("#")) {
            jump(href);
        } else {
            history.pushState(null, "", href);
            show({ top: true });
        }
    }
});
addEventListener("popstate", () => show());
show();
