/* Figures, people and places in words. */
import { country, namedFor, number, t } from "./i18n";
import { language } from "./settings";
import type { Estimate, Figure, PlaceOf } from "./shapes";
import { className, groupName } from "./vocabulary";

export function placeName(place: PlaceOf | null | undefined): string {
    if (!place || !(place.name || place.name_ar || place.text)) {
        return t("unknown_place");
    }
    const arabic = place.name_ar || place.name;
    const latin = place.name || place.name_ar;
    return (language.value === "ar" ? arabic : latin) || place.text || "";
}

/* Region and country around a place, as far as they have names in the reader's language. */
export function regionOf(place: PlaceOf | null | undefined): string[] {
    const region = language.value === "ar" ? place?.admin1_ar : place?.admin1;
    return [region && region !== placeName(place) ? region : "", country(place?.country)].filter(Boolean);
}

const kindOf = (figure: Figure): string => figure.group ?? figure.class ?? "unknown";

/* The people counted, in the form that goes with the number. */
const noun = (figure: Figure, n: number): string => (kindOf(figure) === "unknown" ? "" : namedFor("counted", kindOf(figure), n));

/* The people, by themselves: "civilians". */
export function people(figure: Figure): string {
    return groupName(figure.group) || (figure.class && figure.class !== "unknown" ? className(figure.class) : "");
}

const phrase = (key: string, values: Record<string, string | number>): string => t(key, values).replace(/ {2,}/g, " ").trim();

function put(figure: Figure, withWho: boolean): string {
    const { min: low, max: high } = figure;
    const who = (n: number): string => (withWho ? noun(figure, n) : "");
    if (low === null && high === null) {
        return t("figure_unknown");
    }
    if (high === null) {
        return phrase("figure_least", { n: low!, who: who(low!) });
    }
    if (high === 0) {
        const all = withWho ? people(figure) : "";
        return all ? t("figure_none_of", { who: all }) : t("figure_none");
    }
    if (low === null || low === 0) {
        return phrase("figure_most", { n: high, who: who(high) });
    }
    if (low === high) {
        return phrase(figure.approx ? "figure_about" : "figure_exact", { n: low, who: who(low) });
    }
    return phrase(figure.approx ? "figure_about_range" : "figure_range", { low, high, who: who(high) });
}

function orDenied(figure: Figure, withWho: boolean): string {
    if (figure.stance !== "denies") {
        return put(figure, withWho);
    }
    const who = withWho ? people(figure) : "";
    const whole = (figure.max === null && figure.min === null) || figure.max === 0;
    if (!whole) {
        return t("figure_denied_count", { figure: put(figure, withWho) });
    }
    return who ? t("figure_denied_any_of", { who }) : t("figure_denied_any");
}

/* A claim's number in words, denials as such: "at least 17", "about 40", "denies any". */
export const told = (figure: Figure): string => orDenied(figure, false);
/* The same with the people: "at least 17 civilians". */
export const counted = (figure: Figure): string => orDenied(figure, true);

/* An estimate, short: "11–19+"; by a rule that chooses a best figure "13 (11–19+)". */
export function range(estimate: Estimate | null | undefined): string {
    if (!estimate || (estimate.low === null && estimate.high === null)) {
        return t("no_figure");
    }
    const { low, high } = estimate;
    const text = low === high || low === null || high === null ? number((high ?? low)!) : phrase("figure_range", { low, high, who: "" });
    const whole = estimate.high_open ? t("figure_open", { n: text }) : text;
    const said = estimate.best === null || low === high ? whole : `${number(estimate.best)} (${whole})`;
    return language.value === "ar" ? `\u200f${said}\u200f` : said; // digits have no direction: a "+" would stand on the wrong side
}

/* The figures of an incident for everybody. That nobody was harmed, beside dead or wounded of whom others tell, is no
 * figure: it stands among the disputes. */
export function wholeFigures(estimates: readonly Estimate[]): Estimate[] {
    const whole = estimates.filter((e) => e.class === "all" && !e.group);
    const harm = whole.some((e) => ["killed", "injured"].includes(e.effect) && (e.high === null || e.high > 0));
    return whole.filter((e) => !(harm && e.effect === "casualties" && e.high === 0));
}

function hostOf(address: string | null | undefined): string {
    try {
        return address ? new URL(address).hostname : "";
    } catch {
        return "";
    }
}

/* What a document goes by: its outlet, else where it was found, else its title. */
export const outletOf = (entry: { outlet?: string | null; url?: string | null; title?: string | null } | null | undefined): string =>
    entry?.outlet || hostOf(entry?.url) || entry?.title || "";
