/* What a filter's values are called. */
import { country, date, t, tongue } from "../../i18n";
import { band } from "../../figures";
import { language } from "../../settings";
import type { Field, Filter, Several } from "./filter";
import type { FacetsAnswer } from "./shapes";
import { gradeName } from "../../grades";
import { disagreementName, effectName, eventName, statusName } from "../../vocabulary";

export const siteName = (value: { name?: string | null; name_ar?: string | null } | undefined): string =>
    (language.value === "ar" ? value?.name_ar || value?.name : value?.name || value?.name_ar) ?? "";

/* A value of a field of which several may be chosen. */
export function valueName(field: Several, value: string, facets: FacetsAnswer | null): string {
    switch (field) {
        case "country": return country(value) || value;
        case "site": return siteName(facets?.places?.find((place) => place.value === value)) || t("facet_site");
        case "effect": return effectName(value);
        case "event": return eventName(value);
        case "status": return statusName(value);
        case "grade": return value === "none" ? t("facet_no_grade") : gradeName(value);
        case "assignee": return value === "none" ? t("facet_no_assignee") : value;
        case "language": return tongue(value) || value;
        default: return value;
    }
}

interface Chosen {
    key: string;
    words: string;
    without: Partial<Filter>;
}

function dates({ from, to }: Filter): string {
    return from && to ? date(from === to ? from : `${from}/${to}`, false) : from ? t("chip_from", { date: date(from, false) }) : t("chip_to", { date: date(to, false) });
}

function figures({ least, most }: Filter): string {
    return most ? t("chip_figures", { figures: band(Number(least) || 0, Number(most)) }) : t("chip_figures", { figures: band(Number(least) || 0, null) });
}

/* Every choice that holds, and the filter without it. */
export function chosen(filter: Filter, several: readonly Several[], facets: FacetsAnswer | null): Chosen[] {
    const list: Chosen[] = [];
    const put = (field: Field, words: string, without: Partial<Filter> = { [field]: "" }) => list.push({ key: field, words, without });
    if (filter.text) {
        put("text", t("chip_text", { text: filter.text }));
    }
    if (filter.from || filter.to) {
        put("from", dates(filter), { from: "", to: "" });
    }
    if (filter.box) {
        put("box", t("chip_box"));
    }
    if (filter.place) {
        put("place", filter.place);
    }
    for (const field of several) {
        filter[field].forEach((value) => list.push({ key: `${field}=${value}`, words: valueName(field, value, facets), without: { [field]: filter[field].filter((other) => other !== value) } }));
    }
    if (filter.least || filter.most) {
        put("least", figures(filter), { least: "", most: "" });
    }
    if (filter.voices || filter.voices_most) {
        const low = Number(filter.voices) || 0;
        put("voices", t("chip_voices", { figures: band(low, filter.voices_most ? Number(filter.voices_most) : null) }), { voices: "", voices_most: "" });
    }
    if (filter.disputed) {
        put("disputed", t(filter.disputed === "1" ? "disputed_yes" : "disputed_no"));
    }
    if (filter.disagree) {
        put("disagree", t("chip_disagree", { on: disagreementName(filter.disagree) }));
    }
    return list;
}
