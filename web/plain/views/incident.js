// One incident: its figures by voice, where the accounts part, who says what, and in which reports.
import { api } from "../api.js";
import { chartKey, figureChart } from "../chart.js";
import { h, isolated, outward, replace } from "../dom.js";
import { date, eventName, figure, listed, named, number, people, placeName, range, regionOf, sentence, t, told, tongue } from "../language.js";
import { IncidentMap } from "../map.js";
import { documentPath, failed, loading, outletOf, quoted, wholeFigures } from "../parts.js";
import { CodePoints, segments } from "../text.js";

const EFFECTS = ["killed", "injured", "casualties", "missing", "detained", "displaced"];

// The independent voices in their order, each with its claims and the names it goes by. An outlet without a name is
// told in the ledger by its document's id, which says nothing to a reader.
function voicesOf(incident, documents) {
    const found = new Map();
    const readable = (name) => (documents.has(name) ? outletOf(documents.get(name)) || t("the_document") : name);
    for (const claim of incident.claims) {
        if (claim.superseded || claim.independent === null) {
            continue;
        }
        const voice = found.get(claim.independent) ?? { number: claim.independent, names: new Map(), kind: claim.voice?.kind, claims: [] };
        found.set(claim.independent, voice);
        voice.claims.push(claim);
        const name = readable(claim.voice?.text || claim.chain?.[0]?.text || "");
        if (name) {
            voice.names.set(name, (voice.names.get(name) ?? 0) + 1);
        }
    }
    return [...found.values()].sort((a, b) => a.number - b.number).map((voice) => {
        const names = [...voice.names.entries()].sort((a, b) => b[1] - a[1]).map(([name]) => name);
        return { ...voice, name: names[0] ?? t("the_document"), others: names.slice(1) };
    });
}

function headline(incident) {
    const place = incident.place?.name || incident.place?.name_ar ? placeName(incident.place) : null;
    return place ? sentence("incident_in", { event: eventName(incident.event), place }) : [eventName(incident.event)];
}

function places(incident) {
    const { place, sites } = incident;
    const region = regionOf(place);
    return [region.length ? h("span", {}, region.map((part, i) => [i ? " · " : "", isolated(part)])) : null,
            sites?.length ? h("span", {}, t("incident_sites"), " ", sites.slice(0, 8).map((site, i) => [i ? t("comma") : "", isolated(placeName(site))])) : null];
}

function actors(incident) {
    if (!incident.actors?.length) {
        return null;
    }
    return h("p", { class: "actors" }, h("span", { class: "quiet" }, t("incident_actors")), " ",
             incident.actors.map((actor, i) => [i ? t("comma") : "", isolated(actor.text), actor.hedged ? h("span", { class: "quiet" }, " (", t("incident_hedged"), ")") : null]));
}

function tile(label, value, kind, note) {
    return h("div", { class: "tile " + (kind ?? "") }, h("dt", {}, label), h("dd", {}, value, note ? h("span", { class: "tile-note" }, note) : null));
}

function tiles(incident) {
    const estimates = EFFECTS.map((effect) => wholeFigures(incident).find((e) => e.effect === effect)).filter(Boolean);
    const copies = incident.documents.filter((d) => d.copy_of).length;
    return h("dl", { class: "tiles" },
             estimates.map((e) => tile(named("effect", e.effect), isolated(range(e), { class: "figure" }), "effect-" + e.effect)),
             tile(t("column_voices"), [h("span", { class: "told" }, number(incident.voices.told)), h("span", { class: "arrow", "aria-hidden": "true" }, t("arrow")),
                                       h("span", { class: "figure" }, number(incident.voices.independent))], "", t("told_short", { arrow: t("arrow") })),
             tile(t("column_documents"), h("span", { class: "figure" }, number(incident.documents.length)), "", copies ? t("copies_count", { count: copies }) : null));
}

function header(incident, signal) {
    const words = h("div", { class: "incident-words" },
                    h("p", { class: "crumb" }, h("a", { href: "/" }, h("span", { "aria-hidden": "true" }, t("back"), " "), t("nav_incidents"))),
                    h("h1", { tabindex: "-1" }, headline(incident)),
                    h("p", { class: "facts" }, h("time", {}, date(incident.date)), places(incident)), actors(incident), tiles(incident));
    const place = incident.place;
    if (!Number.isFinite(place?.lat)) {
        return h("header", { class: "incident-head" }, words);
    }
    const shown = [place, ...(incident.sites ?? [])].map((p, i) => ({ key: String(i), lat: p.lat, lon: p.lon, radius_km: p.radius_km, name: placeName(p), label: placeName(p), minor: i > 0 }));
    const within = t("map_of_place", { km: t("kilometres", { n: number(Math.max(1, Math.round(place.radius_km ?? 0))) }) });
    const map = new IncidentMap({ label: within, caption: within, still: true });
    signal.addEventListener("abort", () => map.forget());
    map.show(shown);
    return h("header", { class: "incident-head" }, words, h("div", { class: "incident-map" }, map.element));
}

function charts(incident, voices) {
    const drawn = EFFECTS.map((effect) => figureChart(effect, voices, incident.estimates.find((e) => e.effect === effect && e.class === "all" && !e.group))).filter(Boolean);
    return drawn.length ? h("section", { class: "block" }, h("h2", {}, t("incident_figures")), h("p", { class: "quiet" }, t("incident_figures_hint")), drawn, chartKey()) : null;
}

// The ledger's disagreements are pairs of claims; a reader is helped by one sentence for each question and denier.
function questions(incident) {
    const claims = new Map(incident.claims.map((claim) => [claim.id, claim]));
    const found = new Map();
    for (const { on, claims: ids } of incident.disagreements) {
        const pair = ids.map((id) => claims.get(id)).filter(Boolean);
        const denier = on === "denial" ? pair.find((claim) => claim.stance === "denies") : null;
        const key = [on, on === "count" || denier ? pair[0]?.effect : "", denier?.independent].join("|");
        const question = found.get(key) ?? { on, denier, effect: pair[0]?.effect, claims: new Set() };
        found.set(key, question);
        pair.filter((claim) => claim !== denier && !(denier && claim.independent === denier.independent)).forEach((claim) => question.claims.add(claim));
    }
    return [...found.values()].sort((a, b) => EFFECTS.indexOf(a.effect) - EFFECTS.indexOf(b.effect)).filter((question) => question.claims.size);
}

function given(on, claim) {
    return { date: () => date(claim.date), place: () => placeName(claim.place), actor: () => claim.actor?.text ?? "" }[on]?.() ?? figure(claim);
}

// Which voices gave which answer, the lowest figure first.
function answers(on, claims, link) {
    const found = new Map();
    for (const claim of [...claims].sort((a, b) => (a.min ?? 0) - (b.min ?? 0) || (a.max ?? Infinity) - (b.max ?? Infinity))) {
        const answer = given(on, claim);
        found.set(answer, (found.get(answer) ?? new Map()).set(claim.independent, claim));
    }
    return h("dl", { class: "answers" }, [...found].map(([answer, voices]) => h("div", {}, h("dt", {}, isolated(answer)), h("dd", {}, listed([...voices.values()].map(link))))));
}

function apart(incident, voices) {
    const nameOf = (claim) => voices.find((v) => v.number === claim.independent)?.name ?? claim.voice?.text ?? t("the_document");
    const link = (claim) => h("a", { href: "#voice-" + claim.independent }, isolated(nameOf(claim)));
    const lines = questions(incident).map(({ on, denier, effect, claims }) => h("li", {},
        h("p", {}, sentence("apart_" + on, { effect: h("span", { class: "effect-name effect-" + effect }, named("effect", effect)), denier: denier ? link(denier) : "" })),
        answers(on, claims, link)));
    return h("section", { class: "block apart" }, h("h2", {}, t("incident_apart")),
             lines.length ? h("ul", {}, lines) : h("p", { class: "quiet" }, t("incident_agree")));
}

// A sentence with every figure of these claims marked in it.
function evidence(claims) {
    const { text, start } = claims[0].evidence ?? { text: "", start: 0 };
    const marks = claims.filter((claim) => claim.count).map((claim) => ({ start: claim.count.start - start, end: claim.count.end - start, claim }));
    return quoted("blockquote", {}, segments(new CodePoints(text), marks).map((piece) =>
        piece.marks.length ? h("mark", { class: "effect-" + piece.marks[0].claim.effect }, piece.text) : piece.text));
}

function chain(claim, documents) {
    const steps = claim.chain ?? [];
    if (steps.length < 2) {
        return null;
    }
    return h("ol", { class: "chain" }, steps.map((step) => h("li", { class: "how-" + step.how },
        h("span", { class: "how" }, named("how", step.how)), " ", isolated(documents.has(step.text) || !step.text ? outletOf(documents.get(step.text || step.document)) : step.text))));
}

function source(claim, documents) {
    const entry = documents.get(claim.document);
    return h("p", { class: "source" }, isolated(outletOf(entry) || t("the_document")), entry?.published ? [" · ", h("time", {}, date(entry.published))] : null,
             " ", h("a", { href: documentPath(claim.document, { claim: claim.id, version: claim.version > 1 ? claim.version : null }) }, t("read_in")));
}

function grouped(claims, key) {
    const groups = new Map();
    for (const claim of claims) {
        const name = key(claim).join("|");
        groups.set(name, [...(groups.get(name) ?? []), claim]);
    }
    return [...groups.values()];
}

// The sentences a voice is heard in, those of copies last.
function sayings(voice, documents) {
    const copied = (claim) => Number(Boolean(documents.get(claim.document)?.copy_of) || (claim.chain ?? []).some((step) => step.how === "copied"));
    const groups = grouped(voice.claims, (c) => [c.document, c.version, c.evidence?.start, c.evidence?.end]).sort(([a], [b]) => copied(a) - copied(b));
    const shown = groups.map((claims) => h("div", { class: "saying", "data-claims": claims.map((c) => c.id).join(" ") },
        evidence(claims), chain(claims[0], documents), source(claims[0], documents)));
    const first = shown.slice(0, 2);
    const rest = shown.slice(2);
    return [first, rest.length ? h("details", {}, h("summary", {}, t("evidence_more", { count: rest.length })), rest) : null];
}

const rank = (claim) => [Number(claim.scope !== "incident"), EFFECTS.indexOf(claim.effect), Number(claim.part_of !== null), -(claim.min ?? 0)];

function before(a, b) {
    const [x, y] = [rank(a), rank(b)];
    const at = x.findIndex((value, i) => value !== y[i]);
    return at < 0 ? 0 : x[at] - y[at];
}

function voiceFigure(claims) {
    const claim = claims[0];
    const times = new Set(claims.map((c) => c.document)).size;
    return h("li", { class: "voice-figure effect-" + claim.effect + (claim.part_of ? " part" : "") },
             h("span", { class: "effect-name" }, claim.part_of ? t("legend_part") : named("effect", claim.effect)),
             h("span", {}, isolated(told(claim), { class: "figure" + (claim.stance === "denies" ? " denied" : "") }),
               people(claim) ? h("span", { class: "who" }, " ", people(claim)) : null,
               claim.stance === "hedges" ? h("span", { class: "quiet" }, " ", t("incident_hedged")) : null,
               claim.verdict ? h("span", { class: "tag" }, named("verdict", claim.verdict)) : null,
               claim.scope !== "incident" ? h("span", { class: "note" }, " ", t(claim.scope)) : null),
             h("span", { class: "times" }, times > 1 ? t("documents_count", { count: times }) : ""));
}

function voiceCard(voice, documents) {
    const reports = new Set(voice.claims.map((claim) => claim.document)).size;
    const weak = voice.claims.every((claim) => !claim.voice || claim.voice.kind === "outlet");
    const figures = grouped(voice.claims, (c) => [c.effect, c.class, c.group, c.min, c.max, c.approx, c.stance, c.scope, c.part_of !== null]).sort(([a], [b]) => before(a, b));
    return h("article", { class: "voice", id: "voice-" + voice.number, tabindex: "-1" },
             h("header", {}, h("span", { class: "number", "aria-hidden": "true" }, number(voice.number)),
               h("div", {}, h("h3", {}, isolated(voice.name)),
                 h("p", { class: "quiet" }, weak ? t("weak_voice") : named("voice", voice.kind), " · ", t("documents_count", { count: reports })),
                 voice.others.length ? h("p", { class: "quiet" }, t("also_as"), " ", voice.others.map((name, i) => [i ? t("comma") : "", isolated(name)])) : null)),
             h("ul", { class: "voice-figures" }, figures.map(voiceFigure)), sayings(voice, documents));
}

function report(entry, documents) {
    const original = documents.get(entry.copy_of);
    return h("li", {}, h("a", { class: "report-title", href: documentPath(entry.id) }, isolated(entry.title || outletOf(entry) || entry.id)),
             h("span", { class: "report-facts" }, entry.title ? isolated(outletOf(entry)) : null, entry.published ? h("time", {}, date(entry.published)) : null,
               entry.language ? h("span", {}, tongue(entry.language)) : null, entry.version > 1 ? h("span", {}, t("version", { n: number(entry.version) })) : null,
               entry.copy_of ? h("span", { class: "tag" }, sentence("copy_of", { title: outletOf(original) || entry.copy_of })) : null,
               entry.url ? outward(entry.url, h("bdi", { class: "address", dir: "ltr" }, entry.url)) : null));
}

// Where an incident does not say where in its evidence a figure stands, the reports do.
async function withCounts(incident, signal) {
    const lacking = new Set(incident.claims.filter((claim) => !claim.count).map((claim) => claim.document));
    const counts = new Map();
    await Promise.all([...lacking].slice(0, 24).map(async (id) => {
        const answer = await api.document(id, null, signal).catch(() => null);
        answer?.claims.forEach((known, i) => known && counts.set(known.id, answer.reading.claims[i].count));
    }));
    return counts;
}

function markCounts(element, incident, counts) {
    for (const claim of incident.claims) {
        claim.count ??= counts.get(claim.id) ?? null;
    }
    const claims = new Map(incident.claims.map((claim) => [claim.id, claim]));
    for (const saying of counts.size ? element.querySelectorAll(".saying") : []) {
        saying.querySelector("blockquote").replaceWith(evidence(saying.dataset.claims.split(" ").map((id) => claims.get(id))));
    }
}

function body(incident, signal) {
    const documents = new Map(incident.documents.map((entry) => [entry.id, entry]));
    const voices = voicesOf(incident, documents);
    return [header(incident, signal), charts(incident, voices),
            incident.claims.length ? apart(incident, voices) : h("p", { class: "state" }, t("incident_no_claims")),
            voices.length ? h("section", { class: "block" }, h("h2", {}, t("incident_voices")), h("div", { class: "voices" }, voices.map((v) => voiceCard(v, documents)))) : null,
            h("section", { class: "block" }, h("h2", {}, t("incident_documents")), h("ul", { class: "reports" }, incident.documents.map((d) => report(d, documents)))),
            h("p", { class: "quiet" }, h("a", { href: "/api/v1/incidents/" + encodeURIComponent(incident.id), "data-outside": true }, t("incident_json")))];
}

export function incidentView({ id, signal, retitle }) {
    const element = h("div", { class: "incident-view" }, loading());
    async function load() {
        try {
            const incident = await api.incident(id, signal);
            replace(element, body(incident, signal));
            retitle(element.querySelector("h1").textContent);
            if (location.hash) {
                document.getElementById(decodeURIComponent(location.hash.slice(1)))?.scrollIntoView();
            }
            markCounts(element, incident, await withCounts(incident, signal));
        } catch (error) {
            if (error.name !== "AbortError") {
                replace(element, failed(error, load));
            }
        }
    }
    load();
    return { element, title: t("nav_incidents") };
}
