// The list of incidents, its filters, and the map beside it.
import { api } from "../api.js";
import { h, isolated, replace } from "../dom.js";
import { country, date, eventName, named, number, placeName, range, regionOf, t } from "../language.js";
import { IncidentMap } from "../map.js";
import { disputedMark, failed, incidentPath, loading, quoted, wholeFigures } from "../parts.js";

const ORDERS = ["date-down", "date", "figure-down", "voices-down"];
const PAGE = 50;
const FIELDS = ["text", "event", "country", "from", "to", "disputed", "order", "offset"];

const estimateOf = (incident, effect) => wholeFigures(incident).find((e) => e.effect === effect);

// What is not killed or injured has no column of its own.
function further(incident) {
    const others = wholeFigures(incident).filter((e) => !["killed", "injured"].includes(e.effect));
    return others.length ? h("span", { class: "row-further" }, others.map((e) => h("span", { class: "effect-" + e.effect },
        named("effect", e.effect), " ", isolated(range(e), { class: "figure" })))) : null;
}

function row(incident, point) {
    const place = placeName(incident.place);
    const region = regionOf(incident.place);
    const killed = estimateOf(incident, "killed");
    const injured = estimateOf(incident, "injured");
    const figure = (estimate, effect) => h("td", { role: "cell", class: "cell-figure effect-" + effect, "data-label": named("effect", effect) },
                                           isolated(range(estimate), { class: estimate ? "figure" : "figure none" }));
    return h("tr", { role: "row", "data-key": incident.id, onpointerenter: () => point(incident.id), onpointerleave: () => point(null),
                     onfocusin: () => point(incident.id), onfocusout: () => point(null) },
             h("td", { role: "cell", class: "cell-date" }, h("time", {}, date(incident.date))),
             h("td", { role: "cell", class: "cell-incident" },
               h("a", { class: "row-link", href: incidentPath(incident.id) }, eventName(incident.event), h("span", { class: "row-place" }, isolated(place))),
               incident.disagreements ? disputedMark(incident.disagreements) : null,
               h("span", { class: "row-where" }, region.map((part, i) => [i ? " · " : "", isolated(part)])),
               further(incident),
               incident.title ? quoted("span", { class: "row-title" }, incident.title) : null),
             figure(killed, "killed"), figure(injured, "injured"),
             h("td", { role: "cell", class: "cell-voices", "data-label": t("column_voices"), title: t("column_voices_hint") },
               h("span", { class: "told" }, number(incident.voices.told)), h("span", { class: "arrow", "aria-hidden": "true" }, t("arrow")),
               h("span", { class: "figure" }, number(incident.voices.independent))),
             h("td", { role: "cell", class: "cell-documents", "data-label": t("column_documents") }, number(incident.documents)));
}

function heading() {
    const cell = (kind, ...words) => h("th", { role: "columnheader", scope: "col", class: kind }, ...words);
    return h("thead", { role: "rowgroup" }, h("tr", { role: "row" },
        cell("cell-date", t("column_date")), cell("cell-incident", t("column_incident")),
        cell("cell-figure", named("effect", "killed")), cell("cell-figure", named("effect", "injured")),
        h("th", { role: "columnheader", scope: "col", class: "cell-voices", title: t("column_voices_hint") }, t("column_voices")),
        cell("cell-documents", t("column_documents"))));
}

function mapPlace(incident) {
    const name = placeName(incident.place);
    return { key: incident.id, href: incidentPath(incident.id), lat: incident.place?.lat, lon: incident.place?.lon,
             radius_km: incident.place?.radius_km, name, label: `${eventName(incident.event)}${t("comma")}${name}${t("comma")}${date(incident.date)}` };
}

function options(values, any, chosen, name) {
    const known = values.some((v) => v.value === chosen) || !chosen ? values : [...values, { value: chosen }];
    return [h("option", { value: "" }, any), ...known.map((entry) => h("option", { value: entry.value, selected: entry.value === chosen },
        name(entry.value), entry.count ? ` (${number(entry.count)})` : ""))];
}

function filters(filter, facets, change) {
    const field = (label, control, kind) => h("label", { class: "field " + (kind ?? "") }, h("span", {}, label), control);
    const set = (name) => (event) => change({ [name]: event.target.type === "checkbox" ? event.target.checked && "1" : event.target.value });
    let waiting = null;
    const typed = (event) => {
        clearTimeout(waiting);
        waiting = setTimeout(() => change({ text: event.target.value.trim() }), 300);
    };
    const toggle = ({ currentTarget }) => currentTarget.setAttribute("aria-expanded", String(currentTarget.form.classList.toggle("open")));
    return h("form", { class: "filters", role: "search", "aria-label": t("filter_label"), onsubmit: (event) => event.preventDefault() },
             field(t("filter_text"), h("input", { type: "search", name: "text", value: filter.text, dir: "auto", oninput: typed, autocomplete: "off" }), "field-text"),
             h("button", { type: "button", class: "button filters-toggle", "aria-expanded": "false", onclick: toggle }, t("filter_label")),
             field(t("filter_event"), h("select", { name: "event", onchange: set("event") }, options(facets.events, t("filter_event_any"), filter.event, eventName))),
             field(t("filter_country"), h("select", { name: "country", onchange: set("country") }, options(facets.countries, t("filter_country_any"), filter.country, country))),
             field(t("filter_from"), h("input", { type: "date", name: "from", value: filter.from, onchange: set("from") }), "field-date"),
             field(t("filter_to"), h("input", { type: "date", name: "to", value: filter.to, onchange: set("to") }), "field-date"),
             field(t("filter_order"), h("select", { name: "order", onchange: set("order") },
                 ORDERS.map((order) => h("option", { value: order, selected: order === filter.order }, t("order_" + order.replace("-", "_"))))), "field-order"),
             h("label", { class: "field-check" }, h("input", { type: "checkbox", name: "disputed", checked: filter.disputed === "1", onchange: set("disputed") }),
               h("span", {}, t("filter_disputed"))));
}

function pages(answer, go) {
    if (answer.total <= answer.limit && !answer.offset) {
        return null;
    }
    const last = answer.offset + answer.incidents.length;
    return h("nav", { class: "pages" },
             h("button", { type: "button", class: "button", disabled: answer.offset === 0, onclick: () => go(Math.max(0, answer.offset - PAGE)) }, t("page_earlier")),
             h("bdi", {}, t("page_range", { from: number(answer.offset + 1), to: number(last), total: number(answer.total) + (answer.capped ? "+" : "") })),
             h("button", { type: "button", class: "button", disabled: last >= answer.total && !answer.capped, onclick: () => go(answer.offset + PAGE) }, t("page_later")));
}

function emptyLedger() {
    return h("div", { class: "state" }, h("h2", {}, t("ledger_empty")), h("p", {}, t("ledger_empty_hint")),
             h("pre", { dir: "ltr" }, "isnad add PAGE.html …"));
}

function totals(numbers) {
    return t("totals", { documents: t("documents_count", { count: numbers.documents }), claims: t("claims_count", { count: numbers.claims }),
                         voices: t("voices_count", { count: numbers.voices }) });
}

export function incidentsView({ parameters, navigate, signal }) {
    let filter = Object.fromEntries(FIELDS.map((name) => [name, parameters.get(name) ?? ""]));
    filter.order ||= ORDERS[0];
    const results = h("div", { class: "results" }, loading());
    const count = h("p", { class: "count", role: "status" });
    const total = h("p", { class: "totals" });
    const form = h("div", { class: "filters-holder" });
    const map = new IncidentMap({ label: t("map_label"), caption: t("map_caption"), onpoint: (key) => point(key, true) });
    const element = h("div", { class: "list-view" },
                      h("div", { class: "list-head" }, h("h1", { tabindex: "-1" }, t("incidents_title")), total), form,
                      h("div", { class: "list-body" }, h("section", { class: "list" }, count, results), h("aside", { class: "list-map" }, map.element)));
    signal.addEventListener("abort", () => map.forget());

    function point(key, fromMap) {
        map.point(key);
        for (const line of results.querySelectorAll("tr[data-key]")) {
            line.classList.toggle("pointed", Boolean(fromMap) && line.dataset.key === key);
        }
    }

    function asked() {
        const { order, ...rest } = filter;
        return { ...rest, order: order === ORDERS[0] ? "" : order };
    }

    function change(part) {
        filter = { ...filter, offset: "", ...part };
        navigate("/", asked(), { quiet: true });
        load();
    }

    let loadNumber = 0;
    async function load() {
        const mine = ++loadNumber;
        results.classList.add("waiting");
        try {
            const answer = await api.incidents({ ...filter, limit: PAGE }, signal);
            if (mine === loadNumber) {
                show(answer);
            }
        } catch (error) {
            if (mine === loadNumber && error.name !== "AbortError") {
                replace(results, failed(error, load));
            }
        }
        if (mine === loadNumber) {
            results.classList.remove("waiting");
        }
    }

    function show(answer) {
        const filtered = FIELDS.some((name) => filter[name] && name !== "order" && name !== "offset");
        count.textContent = answer.capped ? t("incidents_found_capped", { n: number(answer.total) }) : t("incidents_found", { count: answer.total });
        if (!answer.incidents.length) {
            replace(results, filtered ? h("div", { class: "state" }, h("p", {}, t("incidents_none")),
                                          h("button", { type: "button", class: "button", onclick: () => navigate("/", {}) }, t("incidents_clear")))
                                      : emptyLedger());
        } else {
            const unplaced = answer.incidents.filter((i) => !Number.isFinite(i.place?.lat)).length;
            replace(results, h("table", { class: "incidents", role: "table" }, heading(), h("tbody", { role: "rowgroup" }, answer.incidents.map((i) => row(i, point)))),
                    unplaced ? h("p", { class: "note" }, t("map_unplaced", { count: unplaced })) : null,
                    pages(answer, (offset) => { change({ offset: offset || "" }); scrollTo(0, 0); }));
        }
        map.show(answer.incidents.map(mapPlace));
    }

    async function loadAround() {
        const none = { events: [], countries: [] };
        replace(form, filters(filter, none, change));
        const [facets, numbers] = await Promise.all([api.facets({}, signal), api.statistics(signal)].map((p) => p.catch(() => null)));
        if (facets && !form.contains(document.activeElement)) {
            replace(form, filters(filter, facets, change));
        }
        total.textContent = numbers?.incidents ? totals(numbers) : "";
    }

    load();
    loadAround();
    return { element, title: t("incidents_title") };
}
