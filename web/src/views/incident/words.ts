/* Figures as sentences say them: "17 killed", "at least 3 children killed", "denies that any civilians were killed".
 * Each is a message of its own, since Arabic counts, agrees and orders differently: no sentence is made of pieces. */
import type { ComponentChildren, VNode } from "preact";
import { people, worded } from "../../figures";
import { listedText, named, namedFor, rich, t } from "../../i18n";
import type { Figure } from "../../shapes";

/* The people that a figure counts; "" where it counts all. */
export const kindOf = (figure: Figure): string => figure.group ?? (figure.class && figure.class !== "unknown" && figure.class !== "all" ? figure.class : "");

/* "17 killed", "at least 11 civilians injured": what was told, or what a denial denies. */
export function harm(figure: Figure): string {
    const { effect, min, max } = figure;
    if (min === null && max === null) {
        return named("unsaid", effect);
    }
    if (max === 0) {
        return named("nobody", effect);
    }
    const kind = kindOf(figure);
    return worded(figure, (count, n) => (kind ? t(`harmed_among.${effect}`, { count, n, people: namedFor("among", kind, count) }) : t(`harmed.${effect}`, { count, n })));
}

/* Of who denies a harm and tells of some all the same. */
const yetKey = (said: Figure): string => (kindOf(said) ? "deny_among_yet" : "deny_yet." + said.effect);

/* "The ministry denies that any civilians were killed", "The army denies losses, yet tells of 1 killed and 5 injured". */
export function denialWords(said: Figure, denier: ComponentChildren, told: readonly Figure[]): VNode {
    if (told.length) {
        return rich(yetKey(said), { denier, people: amongAll(said), figures: listedText(told.map(harm)) });
    }
    if (said.max !== 0 && said.max !== null && said.min !== null) {
        return rich("deny_figure", { denier, figure: harm(said) });
    }
    return kindOf(said) ? rich("deny_among." + said.effect, { denier, people: amongAll(said) }) : rich("deny." + said.effect, { denier });
}

const amongAll = (figure: Figure): string => namedFor("among", kindOf(figure), 100) || people(figure);

export const denialText = (said: Figure, denier: string, told: readonly Figure[]): string =>
    told.length ? t(yetKey(said), { denier, people: amongAll(said), figures: listedText(told.map(harm)) })
        : said.max !== 0 && said.max !== null && said.min !== null ? t("deny_figure", { denier, figure: harm(said) })
        : kindOf(said) ? t("deny_among." + said.effect, { denier, people: amongAll(said) }) : t("deny." + said.effect, { denier });
