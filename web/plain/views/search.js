// Search over the words of all reports.
import { api } from "../api.js";
import { h, isolated, replace } from "../dom.js";
import { date, number, t, tongue } from "../language.js";
import { documentPath, failed, incidentPath, loading, outletOf, quoted } from "../parts.js";
import { CodePoints, segments } from "../text.js";

function snippet(found) {
    const marks = (found?.marks ?? []).map(([start, end]) => ({ start, end }));
    return quoted("p", { class: "snippet" }, segments(new CodePoints(found?.text ?? ""), marks).map((part) => part.marks.length ? h("mark", {}, part.text) : part.text));
}

function result(row) {
    return h("li", {}, quoted("h2", {}, h("a", { href: documentPath(row.document) }, row.title || outletOf(row) || row.document)),
             snippet(row.snippet),
             h("p", { class: "report-facts" }, isolated(outletOf(row)), row.published ? h("time", {}, date(row.published)) : null,
               row.language ? h("span", {}, tongue(row.language)) : null,
               (row.incidents ?? []).slice(0, 3).map((id, i) => h("a", { href: incidentPath(id) }, row.incidents.length > 1 ? t("incident_number", { n: number(i + 1) }) : t("article_incident")))));
}

export function searchView({ parameters, navigate, signal }) {
    const text = parameters.get("text") ?? "";
    const results = h("ol", { class: "found" });
    const more = h("div", { class: "more" });
    const status = h("div", { role: "status" });
    const input = h("input", { type: "search", name: "text", value: text, dir: "auto", placeholder: t("search_hint"), "aria-label": t("search_title"), autocomplete: "off" });
    const element = h("div", { class: "search-view" }, h("h1", { tabindex: "-1" }, t("search_title")),
                      h("form", { class: "search-form", role: "search", onsubmit: (event) => { event.preventDefault(); navigate("/search", { text: input.value.trim() }); } },
                        input, h("button", { class: "button strong", type: "submit" }, t("search_button"))),
                      status, results, more);

    async function load(offset) {
        replace(offset ? more : status, loading());
        try {
            const answer = await api.search(text, offset || null, signal);
            replace(status, !offset && !answer.results.length ? h("p", { class: "state" }, t("search_none")) : null);
            results.append(...answer.results.map(result));
            replace(more, answer.results.length === answer.limit ? h("button", { type: "button", class: "button", onclick: () => load(offset + answer.limit) }, t("search_more")) : null);
        } catch (error) {
            if (error.name !== "AbortError") {
                replace(more);
                replace(status, failed(error, () => load(offset)));
            }
        }
    }
    if (text) {
        load(0);
    } else {
        replace(status, h("p", { class: "quiet" }, t("search_begin")));
    }
    return { element, title: text ? `${text} – ${t("nav_search")}` : t("search_title"), focus: text ? null : input };
}
