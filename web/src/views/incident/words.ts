/* Figures as sentences say them: "17 killed", "at least 3 children killed", "denies that any civilians were killed".
 * Each is a message of its own, since Arabic counts, agrees and orders differently: no sentence is made of pieces. */
import type { ComponentChildren, VNode } from "preact";
import { people } from "../../figures";
import { named, namedFor, rich, t } from "../../i18n";
import type { Figure } from "../../shapes";

const kindOf = (figure: Figure): string => figure.group ?? (figure.class && figure.class !== "unknown" && figure.class !== "all" ? figure.class : "");

function harmed(figure: Figure, n: number): string {
    const word = namedFor("harmed", figure.effect, n);
    const kind = kindOf(figure);
    return kind ? t("harmed_among", { people: namedFor("among", kind, n), harmed: word }) : word;
}

/* "17 killed", "at least 11 civilians injured": what was told, or what a denial denies. */
export function harm(figure: Figure): string {
    const { min: low, max: high } = figure;
    if (low === null && high === null) {
        return named("unsaid", figure.effect);
    }
    if (high === null) {
        return t("figure_least", { n: low!, who: harmed(figure, low!) });
    }
    if (high === 0) {
        return named("nobody", figure.effect);
    }
    if (low === null || low === 0) {
        return t("figure_most", { n: high, who: harmed(figure, high) });
    }
    if (low === high) {
        return t(figure.approx ? "figure_about" : "figure_exact", { n: low, who: harmed(figure, low) });
    }
    return t(figure.approx ? "figure_about_range" : "figure_range", { low, high, who: harmed(figure, high) });
}

/* "The ministry denies that any civilians were killed". */
export function denialWords(said: Figure, denier: ComponentChildren): VNode {
    if (said.max !== 0 && said.max !== null && said.min !== null) {
        return rich("deny_figure", { denier, figure: harm(said) });
    }
    return kindOf(said) ? rich("deny_among." + said.effect, { denier, people: amongAll(said) }) : rich("deny." + said.effect, { denier });
}

const amongAll = (figure: Figure): string => namedFor("among", kindOf(figure), 100) || people(figure);

export const denialText = (said: Figure, denier: string): string =>
    said.max !== 0 && said.max !== null && said.min !== null
        ? t("deny_figure", { denier, figure: harm(said) })
        : kindOf(said) ? t("deny_among." + said.effect, { denier, people: amongAll(said) }) : t("deny." + said.effect, { denier });
