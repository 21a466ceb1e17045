// Small parts that several views share.
import { h, isolated } from "./dom.js";
import { t } from "./language.js";

export const incidentPath = (id) => "/incidents/" + encodeURIComponent(id);

export function documentPath(id, { claim, version, at } = {}) {
    const fields = new URLSearchParams();
    if (version) fields.set("version", version);
    if (claim) fields.set("claim", claim);
    if (at !== undefined) fields.set("at", at);
    const rest = fields.toString();
    return "/documents/" + encodeURIComponent(id) + (rest ? "?" + rest : "");
}

export function loading() {
    return h("div", { class: "state", role: "status" }, h("span", { class: "state-dots", "aria-hidden": "true" }), t("loading"));
}

export function failed(error, again) {
    const missing = error.code === 404;
    const why = missing ? t("error_not_found") : error.code === 0 ? t("error_offline") : error.message;
    return h("div", { class: "state", role: "alert" },
             h("h1", { tabindex: "-1" }, t(missing ? "not_found_title" : "error_title")),
             h("p", {}, isolated(why)),
             missing ? h("a", { class: "button", href: "/" }, t("nav_incidents"))
                     : h("button", { type: "button", class: "button", onclick: again }, t("error_again")));
}

function hostOf(address) {
    try {
        return new URL(address).hostname;
    } catch (error) {
        return "";
    }
}

// What a document goes by: its outlet, else where it was found, else its title.
export function outletOf(entry) {
    return entry?.outlet || hostOf(entry?.url) || entry?.title || "";
}

const RIGHT_TO_LEFT = new Set(["ar", "fa", "ur", "ps", "ckb", "he"]);

// The direction of a text in a language; where that is not known, its letters tell.
export const directionOf = (language) => (RIGHT_TO_LEFT.has(language) ? "rtl" : language ? "ltr" : "auto");

// Text of a page: its own script, its own direction.
export function quoted(tag, properties, ...children) {
    return h(tag, { dir: "auto", ...properties }, ...children);
}

// The figures of an incident for everybody. That nobody was harmed, beside dead or wounded of whom others tell, is no
// figure: it stands among the disputes.
export function wholeFigures(incident) {
    const whole = incident.estimates.filter((e) => e.class === "all" && !e.group);
    const told = whole.some((e) => ["killed", "injured"].includes(e.effect) && (e.high === null || e.high > 0));
    return whole.filter((e) => !(told && e.effect === "casualties" && e.high === 0));
}

export function disputedMark(count) {
    return h("span", { class: "disputed", title: t("disputed_count", { count }) },
             h("span", { "aria-hidden": "true" }, "≠"), h("span", { class: "unseen" }, t("disputed_mark")));
}
