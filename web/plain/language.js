// The reader's language: words, numbers, dates, and the sentences made of them.
import ar from "./i18n/ar.js";
import en from "./i18n/en.js";
import { isolated } from "./dom.js";

const languages = { ar, en };

function kinds(locale) {
    const whole = { timeZone: "UTC", day: "numeric", month: "short", year: "numeric" };
    return {
        number: new Intl.NumberFormat(locale),
        plural: new Intl.PluralRules(locale),
        regions: new Intl.DisplayNames(locale, { type: "region" }),
        tongues: new Intl.DisplayNames(locale, { type: "language" }),
        list: new Intl.ListFormat(locale, { type: "conjunction" }),
        day: new Intl.DateTimeFormat(locale, whole),
        month: new Intl.DateTimeFormat(locale, { timeZone: "UTC", month: "long", year: "numeric" }),
        year: new Intl.DateTimeFormat(locale, { timeZone: "UTC", year: "numeric" }),
        minute: new Intl.DateTimeFormat(locale, { ...whole, hour: "2-digit", minute: "2-digit", hourCycle: "h23" }),
    };
}

let words = languages[document.documentElement.lang] ?? en;
let formats = kinds(words.locale);

export function language() {
    return words === ar ? "ar" : "en";
}

export function setLanguage(code) {
    words = languages[code] ?? en;
    formats = kinds(words.locale);
    document.documentElement.lang = language();
    document.documentElement.dir = words.direction;
}

// A word of a vocabulary: named("effect", "killed"). What is not known is shown as it is.
export function named(vocabulary, value) {
    const names = words[vocabulary];
    return names && Object.hasOwn(names, value) ? names[value] : value ?? "";
}

function pattern(key, values) {
    const found = words[key] ?? key;
    if (typeof found === "string") {
        return found;
    }
    const category = formats.plural.select(values.count ?? 0);
    return found[category] ?? found.other;
}

export function t(key, values = {}) {
    const filled = values.count === undefined ? values : { n: number(values.count), ...values };
    return pattern(key, values).replace(/\{(\w+)\}/g, (whole, name) => filled[name] ?? whole);
}

// The same with nodes in the gaps; text in a gap is isolated from the sentence's direction.
export function sentence(key, values = {}) {
    return pattern(key, values).split(/\{(\w+)\}/).map((part, i) => {
        if (i % 2 === 0) {
            return part;
        }
        const value = values[part] ?? "";
        return value instanceof Node || Array.isArray(value) ? value : isolated(String(value));
    });
}

export const number = (n) => formats.number.format(n);

// Nodes with the language's commas and "and" between them.
export function listed(nodes) {
    let next = 0;
    return formats.list.formatToParts(nodes.map(() => "x")).map((part) => (part.type === "element" ? nodes[next++] : part.value));
}

export function country(code) {
    try {
        return code ? formats.regions.of(code) : "";
    } catch (error) {
        return code;
    }
}

export function tongue(code) {
    try {
        return code ? formats.tongues.of(code) : "";
    } catch (error) {
        return code;
    }
}

function parsed(value) {
    const found = /^(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?(?:T(\d{2}):(\d{2}))?/.exec(value ?? "");
    if (!found) {
        return null;
    }
    const [, year, month, day, hour, minute] = found;
    const time = new Date(Date.UTC(+year, (month ?? 1) - 1, day ?? 1, hour ?? 0, minute ?? 0));
    const format = hour ? formats.minute : day ? formats.day : month ? formats.month : formats.year;
    return { time, format };
}

// "2021-01-13", "2021-01", "2021-01-14T09:30", "2021-01-12/2021-01-13" in words.
export function date(value) {
    const [first, second] = (value ?? "").split("/").map(parsed);
    if (!first) {
        return t("unknown_date");
    }
    return second && second.time > first.time ? first.format.formatRange(first.time, second.time)
                                              : first.format.format(first.time);
}

export function placeName(place) {
    if (!place || !(place.name || place.name_ar || place.text)) {
        return t("unknown_place");
    }
    const arabic = place.name_ar || place.name;
    const latin = place.name || place.name_ar;
    return (language() === "ar" ? arabic : latin) || place.text;
}

// Region and country around a place, as far as they have names in the reader's language.
export function regionOf(place) {
    const region = language() === "ar" ? place?.admin1_ar : place?.admin1;
    return [region && region !== placeName(place) ? region : "", country(place?.country)].filter(Boolean);
}

// The people counted, in the form that goes with the number.
function noun(claim, n) {
    const forms = words.counted[claim.group ?? claim.class ?? "unknown"] ?? "";
    return typeof forms === "string" ? forms : forms[formats.plural.select(n)] ?? forms.other;
}

function phrase(key, values) {
    return t(key, values).replace(/ {2,}/g, " ").trim();
}

// The key of a sentence that has a form of its own where people are named.
const withPeople = (key, who) => (who && words[key + "_of"] ? key + "_of" : key);

function put(claim, withWho) {
    const { min: low, max: high } = claim;
    const who = (n) => (withWho ? noun(claim, n) : "");
    if (low === null && high === null) {
        return t("figure_unknown");
    }
    if (high === null) {
        return phrase("figure_least", { n: number(low), who: who(low) });
    }
    if (high === 0) {
        const all = withWho ? people(claim) : "";
        return phrase(withPeople("figure_none", all), { who: all });
    }
    if (low === null || low === 0) {
        return phrase("figure_most", { n: number(high), who: who(high) });
    }
    const about = claim.approx ? "figure_about" : low === high ? "figure_exact" : "figure";
    return low === high ? phrase(about, { n: number(low), who: who(low) })
                        : phrase(about + "_range", { low: number(low), high: number(high), who: who(high) });
}

function orDenied(claim, withWho) {
    if (claim.stance !== "denies") {
        return put(claim, withWho);
    }
    const who = withWho ? people(claim) : "";
    const whole = (claim.max === null && claim.min === null) || claim.max === 0;
    return whole ? phrase(withPeople("figure_denied_any", who), { who }) : t("figure_denied_count", { figure: put(claim, withWho) });
}

// A claim's or figure's number in words, denials as such: "at least 17", "about 40", "denies any".
export const told = (claim) => orDenied(claim, false);

// The same with the people: "at least 17 civilians".
export const counted = (claim) => orDenied(claim, true);

// What a claim says, or what a denial denies, with the people.
export const figure = (claim) => put(claim, true);

// An estimate, short: "11–19+"; by a rule that chooses a best figure "13 (11–19+)".
export function range(estimate) {
    if (!estimate || (estimate.low === null && estimate.high === null)) {
        return t("no_figure");
    }
    const { low, high } = estimate;
    const text = low === high || low === null ? number(high) : phrase("figure_range", { low: number(low), high: number(high), who: "" });
    const whole = estimate.high_open ? t("figure_open", { n: text }) : text;
    return estimate.best === null || low === high ? whole : `${number(estimate.best)} (${whole})`;
}

export function people(claim) {
    const group = claim.group ? named("group", claim.group) : "";
    return group || named("class", claim.class ?? "unknown");
}

export function eventName(event) {
    return named("event", event ?? "none");
}
