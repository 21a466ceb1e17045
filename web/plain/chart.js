// The figures of one effect, a row for each independent voice: a dot for an exact figure, a bar for a range, a bar
// with an open end for "at least", a struck ring for a denial; behind them the range of all accounts. Positions
// are logical (from the line's start), so that the axis runs from the right in Arabic.
import { h, isolated } from "./dom.js";
import { counted, named, number, range, sentence, t } from "./language.js";

const ROOM_FOR_OPEN_END = 1.16;

function niceSteps(most) {
    const rough = Math.max(1, most) / 4;
    const power = 10 ** Math.floor(Math.log10(rough));
    const step = [1, 2, 5, 10].map((factor) => factor * power).find((size) => size >= rough) ?? 10 * power;
    const whole = Math.max(1, Math.round(step));
    return Array.from({ length: Math.floor(most / whole) + 1 }, (unused, i) => i * whole);
}

const top = (claim) => Math.max(claim.min ?? 0, claim.max ?? 0);

function mark(claim, share) {
    const low = claim.min ?? 0;
    const high = claim.max ?? top(claim);
    const part = claim.part_of ? " part" : "";
    if (claim.stance === "denies") {
        return h("span", { class: "mark denial", place: { "inset-inline-start": share(high) } });
    }
    const pieces = [];
    if (claim.max === null) {
        pieces.push(h("span", { class: "mark open" + part, place: { "inset-inline-start": share(low) } }));
    } else if (low !== high) {
        pieces.push(h("span", { class: "mark bar" + part, place: { "inset-inline-start": share(low), "inline-size": `calc(${share(high)} - ${share(low)})` } }),
                    h("span", { class: "mark dot" + part, place: { "inset-inline-start": share(high) } }));
    }
    pieces.push(h("span", { class: "mark dot" + part + (claim.approx ? " approx" : ""), place: { "inset-inline-start": share(low) } }));
    return pieces;
}

// One figure of a voice, however many reports carry it.
function distinct(claims) {
    const found = new Map();
    for (const claim of claims) {
        const key = [claim.min, claim.max, claim.approx, claim.stance, claim.class, claim.group, claim.part_of !== null].join("|");
        found.set(key, found.get(key) ?? claim);
    }
    return [...found.values()].sort((a, b) => (a.part_of !== null) - (b.part_of !== null) || top(b) - top(a));
}

function row(claim, voice, first, share) {
    const words = claim.part_of ? sentence("of_them", { figure: counted(claim) }) : isolated(counted(claim));
    const near = Math.max(claim.min ?? 0, claim.max ?? 0);
    return h("div", { class: "chart-row" + (first ? " first" : "") + (claim.part_of ? " part" : "") },
             h("div", { class: "chart-voice" }, first ? [h("a", { class: "number", href: "#voice-" + voice.number, "aria-hidden": "true", tabindex: "-1" }, number(voice.number)),
                                                         h("bdi", { class: "chart-name", title: voice.name }, voice.name)] : null),
             h("div", { class: "chart-track" }, mark(claim, share),
                 h("span", { class: "chart-words" + (share.high(near, claim.max === null) ? " before" : ""), place: { "--at": share(near) } }, words)));
}

export function figureChart(effect, voices, estimate) {
    const rows = voices.map((voice) => ({ voice, claims: distinct(voice.claims.filter((c) => c.effect === effect && c.scope === "incident" && !c.superseded)) }))
        .filter((entry) => entry.claims.length);
    if (!rows.length) {
        return null;
    }
    const most = Math.max(1, estimate?.high ?? 0, ...rows.flatMap((entry) => entry.claims.map(top)));
    const end = most * ROOM_FOR_OPEN_END;
    const share = (n) => (100 * n / end).toFixed(3) + "%";
    // Words stand after a mark while there is room, before it where there is none or where a bar runs on.
    share.high = (n, open) => n / end > (open ? 0.3 : 0.55);
    const steps = niceSteps(most);
    return h("figure", { class: "chart effect-" + effect, "aria-label": t("chart_label", { effect: named("effect", effect) }) },
             h("figcaption", {}, h("span", { class: "chart-title" }, named("effect", effect)),
               estimate ? h("span", { class: "chart-range" }, t("estimate"), " ", isolated(range(estimate), { class: "figure" })) : null),
             h("div", { class: "chart-body" },
               h("div", { class: "chart-ground", "aria-hidden": "true" },
                 steps.map((n) => h("span", { class: "chart-line", place: { "inset-inline-start": share(n) } })),
                 estimate ? h("span", { class: "chart-band" + (estimate.high_open ? " open" : ""),
                                        place: { "inset-inline-start": share(estimate.low ?? 0),
                                                 "inline-size": estimate.high_open ? `calc(100% - ${share(estimate.low ?? 0)})` : `calc(${share(estimate.high)} - ${share(estimate.low ?? 0)})` } }) : null),
               rows.map((entry) => entry.claims.map((claim, i) => row(claim, entry.voice, i === 0, share))),
               h("div", { class: "chart-axis", "aria-hidden": "true" }, steps.map((n) => h("span", { place: { "inset-inline-start": share(n) } }, number(n))))));
}

export function chartKey() {
    const entry = (kind, key) => h("span", { class: "key-entry" }, h("span", { class: "key-mark" }, kind), t(key));
    return h("p", { class: "chart-key", "aria-hidden": "true" },
             entry(h("span", { class: "mark dot" }), "legend_exact"), entry(h("span", { class: "mark open" }), "legend_open"),
             entry(h("span", { class: "mark dot part" }), "legend_part"), entry(h("span", { class: "mark denial" }), "legend_denial"),
             entry(h("span", { class: "chart-band" }), "legend_estimate"));
}
