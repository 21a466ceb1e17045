/* Figures, people and places in words. */
import { createElement, type VNode } from "preact";
import { country, number, strongCount, t } from "./i18n";
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

/* The people, by themselves: "civilians". */
export function people(figure: Figure): string {
    return groupName(figure.group) || (figure.class && figure.class !== "unknown" ? className(figure.class) : "");
}

/* From here on every form of a word has its number beside it: "1–2" counts as so many. */
const SEVERAL = 3;

/* A figure around what it counts: `some` says "3 children" of a count and how it is written. */
export function worded({ min: low, max: high, approx }: Figure, some: (count: number, written: string) => string): string {
    if (high === null) {
        return t("figure_least", { figure: some(low!, number(low!)) });
    }
    if (low === null || low === 0) {
        return t("figure_most", { figure: some(high, number(high)) });
    }
    const figure = low === high ? some(low, number(low)) : some(Math.max(SEVERAL, high), band(low, high));
    return approx ? t("figure_about", { figure }) : figure;
}

/* "4–14", "3+". */
export const band = (low: number, high: number | null | undefined): string =>
    high === null || high === undefined ? t("figure_open", { n: low }) : low === high ? number(low) : t("figure_range", { low, high });

function put(figure: Figure, withWho: boolean): string {
    if (figure.min === null && figure.max === null) {
        return t("figure_unknown");
    }
    if (figure.max === 0) {
        const all = withWho ? people(figure) : "";
        return all ? t("figure_none_of", { who: all }) : t("figure_none");
    }
    const kind = kindOf(figure);
    return worded(figure, (count, n) => (withWho && kind !== "unknown" ? t(`counted.${kind}`, { count, n }) : n));
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
    const { low, high, best } = estimate;
    const text = band((low ?? high)!, (high ?? low)!);
    const whole = estimate.high_open ? t("figure_open", { n: text }) : text;
    const said = best === null || low === high ? whole : `${number(best)} (${whole})`;
    return language.value === "ar" ? `\u200f${said}\u200f` : said; // digits have no direction: a "+" would stand on the wrong side
}

/* The same with the harm: "11–19+ killed", the figure set off. */
export function rangeOfHarm(estimate: Estimate): VNode<any> {
    const { low, high, high_open, best } = estimate;
    const most = high ?? low ?? 0;
    const exact = low === most && !high_open && (best === null || best === low);
    return strongCount(`harmed.${estimate.effect}`, exact ? most : Math.max(SEVERAL, most), createElement("bdi", { dir: language.value === "ar" ? "rtl" : "ltr" }, range(estimate)));
}

/* "told 7 times, 2 independent voices". */
export const toldBy = ({ told, independent }: { told: number; independent: number }): string =>
    t("told_by", { told: t("told_times", { count: told }), voices: t("voices_count", { count: independent }) });

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
