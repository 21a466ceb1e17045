// The article as it was read: its text with every claim marked, and the claims beside it, each leading to the other.
import { api } from "../api.js";
import { h, isolated, outward, replace } from "../dom.js";
import { date, named, number, people, t, told, tongue } from "../language.js";
import { directionOf, documentPath, failed, incidentPath, loading, outletOf, quoted } from "../parts.js";
import { CodePoints, paragraphs, segments } from "../text.js";

const span = (found, kind, claim) => found ? { start: found.start, end: found.end, kind, claim } : null;

// Everything a claim rests on, as marks in the text.
function marksOf(reading) {
    return reading.claims.flatMap((claim, i) => [
        span(claim.evidence, "evidence", i), span(claim.count, "count", i), span(claim.who, "who", i), span(claim.voice, "voice", i),
        ...(claim.via ?? []).map((relay) => span(relay, "voice", i)), span(claim.actor, "actor", i), span(claim.place, "place", i), span(claim.time, "time", i),
    ].filter(Boolean));
}

function piece(part, reading, first) {
    const count = part.marks.find((mark) => mark.kind === "count");
    const claims = [...new Set(part.marks.map((mark) => mark.claim))];
    const kinds = [...new Set(part.marks.map((mark) => mark.kind))].filter((kind) => kind !== "evidence" || !count);
    if (!part.marks.length) {
        return part.text;
    }
    const kindOf = (mark) => `${mark.kind}-${mark.claim}`;
    const common = { class: kinds.map((kind) => "in-" + kind).join(" "), "data-claims": claims.join(" "), "data-parts": part.marks.map(kindOf).join(" ") };
    if (!count) {
        return h("span", common, part.text);
    }
    const claim = reading.claims[count.claim];
    const id = first.has(count.claim) ? null : "figure-" + count.claim;
    first.add(count.claim);
    return h("a", { ...common, class: common.class + " effect-" + claim.effect + (claim.stance === "denies" ? " denied" : ""), id, href: "#claim-" + count.claim }, part.text);
}

function text(reading) {
    const points = new CodePoints(reading.text);
    const marks = marksOf(reading);
    const first = new Set();
    return paragraphs(points).filter(({ start, end }) => end > start).map(({ start, end }, i) => {
        const inside = marks.filter((mark) => mark.end > start && mark.start < end);
        const content = segments(points, inside, start, end).map((part) => piece(part, reading, first));
        const title = i === 0 && reading.title && points.slice(start, end) === reading.title;
        const lettered = /\p{L}/u.test(points.slice(start, end));
        return quoted(title ? "h1" : "p", { tabindex: title ? "-1" : null, dir: lettered ? "auto" : null }, content);
    });
}

function claimEntry(claim, i, known, reading) {
    const voice = claim.voice ? isolated(claim.voice.text) : t("article_voice_none");
    const kind = named("voice", claim.voice?.kind ?? "outlet");
    const who = people({ class: claim.who?.class, group: claim.who?.group });
    const scope = claim.scope !== "incident" ? t(claim.scope) : known ? null : t("article_outside");
    return h("li", { id: "claim-" + i, class: "claim effect-" + claim.effect, "data-claim": i, tabindex: "-1" },
             h("p", { class: "claim-figure" }, h("span", { class: "effect-name" }, named("effect", claim.effect)),
               isolated(told(claim), { class: "figure" + (claim.stance === "denies" ? " denied" : "") }), who ? h("span", { class: "who" }, who) : null),
             h("p", { class: "claim-voice" }, h("span", { class: "quiet" }, named("stance", claim.stance), " "), voice, claim.voice ? h("span", { class: "quiet" }, " · ", kind) : null),
             claim.via?.length ? h("p", { class: "quiet" }, t("arrow"), " ", claim.via.map((relay, n) => [n ? t("comma") : "", isolated(relay.text)])) : null,
             claim.part_of !== null ? h("p", { class: "quiet" }, t("legend_part"), " ", isolated(told(reading.claims[claim.part_of]))) : null,
             scope ? h("p", { class: "note" }, scope) : null,
             h("p", { class: "claim-links" }, h("a", { href: "#figure-" + i }, t("article_show")),
               known?.incident ? h("a", { href: incidentPath(known.incident) + (known.independent ? "#voice-" + known.independent : "") }, t("article_incident")) : null));
}

// Pointing at either side lights up the other.
function link(element, aside) {
    let lit = [];
    const light = (claim) => {
        lit.forEach((node) => node.classList.remove("lit", "lit-evidence"));
        lit = claim === null ? [] : [...element.querySelectorAll(`[data-claims~="${claim}"], [data-claim="${claim}"]`)];
        for (const node of lit) {
            const parts = (node.dataset.parts ?? "own").split(" ").filter((part) => part === "own" || part.endsWith("-" + claim));
            node.classList.add(parts.some((part) => !part.startsWith("evidence")) ? "lit" : "lit-evidence");
        }
    };
    const claimOf = (target) => target.closest?.("[data-claim]")?.dataset.claim ?? target.closest?.("a[data-claims]")?.getAttribute("href").replace("#claim-", "") ?? null;
    for (const kind of ["pointerover", "focusin"]) {
        element.addEventListener(kind, (event) => {
            const claim = claimOf(event.target);
            if (claim !== null || kind === "focusin") {
                light(claim);
            }
            if (claim !== null && kind === "pointerover" && !aside.contains(event.target)) {
                reveal(aside, claim);
            }
        });
    }
    return light;
}

// Scrolls the list, never the page.
function reveal(aside, claim) {
    const entry = aside.querySelector(`[data-claim="${claim}"]`);
    if (entry && aside.scrollHeight > aside.clientHeight) {
        const [box, inside] = [entry.getBoundingClientRect(), aside.getBoundingClientRect()];
        if (box.top < inside.top || box.bottom > inside.bottom) {
            aside.scrollBy({ top: box.top - inside.top - 16, behavior: "auto" });
        }
    }
}

function facts(answer, reading) {
    const fact = (label, ...value) => h("div", {}, h("dt", {}, label), h("dd", {}, ...value));
    const captured = answer.captures?.[answer.captures.length - 1];
    return h("dl", { class: "article-facts" },
             answer.url ? fact(t("article_address"), outward(answer.url, h("bdi", { class: "address", dir: "ltr" }, answer.url))) : null,
             captured?.time ? fact(t("article_captured", { date: "" }).trim(), h("time", {}, date(captured.time))) : null,
             fact("SHA-256", h("code", { class: "hash", dir: "ltr", title: reading.sha256 }, (reading.sha256 ?? "").slice(0, 16) + "…")),
             answer.incidents?.length ? fact(t("article_incidents"), answer.incidents.map((id, i) => [i ? t("comma") : "", h("a", { href: incidentPath(id), dir: "ltr" }, h("bdi", {}, id.slice(0, 10)))])) : null,
             answer.copy_of ? fact(t("copy"), h("a", { href: documentPath(answer.copy_of) }, isolated(answer.copy_of.slice(0, 60)))) : null);
}

function body(answer) {
    const reading = answer.reading;
    const own = { dir: document.documentElement.dir };
    const byline = h("p", { class: "byline" }, h("span", { class: "outlet" }, isolated(outletOf(reading))),
                     reading.published ? h("time", own, date(reading.published)) : null, reading.language ? h("span", own, tongue(reading.language)) : null,
                     h("span", own, t("claims_count", { count: reading.claims.length })));
    const [title, ...rest] = text(reading);
    const heading = title?.tagName === "H1" ? title : h("h1", { tabindex: "-1", class: "unseen" }, reading.title || answer.id);
    const order = reading.claims.map((claim, i) => i).sort((a, b) => (reading.claims[a].count?.start ?? 0) - (reading.claims[b].count?.start ?? 0));
    const aside = h("aside", { class: "claims", "aria-label": t("article_claims") }, h("h2", {}, t("article_claims")),
                    reading.claims.length ? h("ol", {}, order.map((i) => claimEntry(reading.claims[i], i, answer.claims?.[i], reading)))
                                          : h("p", { class: "quiet" }, t("article_no_claims")));
    const first = answer.incidents?.[0];
    const page = h("div", { class: "article-view" },
                   h("div", { class: "article" },
                     h("p", { class: "crumb" }, h("a", { href: first ? incidentPath(first) : "/" }, h("span", { "aria-hidden": "true" }, t("back"), " "), t(first ? "article_incident" : "nav_incidents"))),
                     h("article", { class: "article-text", lang: reading.language || null, dir: directionOf(reading.language) }, heading, byline, title === heading ? null : title, rest),
                     reading.truncated ? h("p", { class: "note" }, t("article_truncated")) : null, facts(answer, reading)),
                   aside);
    return { page, aside };
}

export function articleView({ id, parameters, signal, retitle }) {
    const element = h("div", {}, loading());
    async function load() {
        try {
            const answer = await api.document(id, parameters.get("version"), signal);
            const { page, aside } = body(answer);
            replace(element, page);
            const light = link(page, aside);
            retitle(answer.reading.title || answer.id);
            aim(answer, light);
        } catch (error) {
            if (error.name !== "AbortError") {
                replace(element, failed(error, load));
            }
        }
    }

    function aim(answer, light) {
        const asked = parameters.get("claim");
        const index = asked ? (answer.claims ?? []).findIndex((known) => known?.id === asked) : -1;
        const target = index >= 0 ? document.getElementById("figure-" + index) : null;
        if (target) {
            light(String(index));
            target.scrollIntoView({ block: "center" });
            reveal(element.querySelector(".claims"), index);
        }
    }
    load();
    return { element, title: t("loading") };
}
