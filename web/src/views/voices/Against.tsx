/* How a voice's figures stand to those of the others: a bar of four parts, with the numbers in words beside or for
 * screen readers. Where it is the only one there is nothing to compare, so that part is hatched. */
import { named, t } from "../../i18n";
import { STANDS, type Stand } from "./shapes";

export function Against({ against, words }: { against: Record<Stand, number>; words?: boolean }) {
    const all = STANDS.reduce((sum, stand) => sum + (against[stand] ?? 0), 0);
    const told = STANDS.filter((stand) => against[stand] > 0).map((stand) => t("against_count", { what: named("against", stand), count: against[stand] }));
    if (!all) {
        return <span class="quiet">{t("against_none")}</span>;
    }
    return (
        <span class="against" title={told.join("\n")}>
            <span class="against-bar" aria-hidden="true">
                {STANDS.map((stand) => against[stand] > 0 && <i key={stand} class={`is-${stand}`} style={{ flexGrow: against[stand] }} />)}
            </span>
            {words
                ? <span class="against-words">{STANDS.map((stand) => <span key={stand}><i class={`against-key is-${stand}`} aria-hidden="true" />{t("against_count", { what: named("against", stand), count: against[stand] ?? 0 })}</span>)}</span>
                : <span class="unseen">{told.join("; ")}</span>}
        </span>
    );
}
