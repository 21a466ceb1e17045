/* What the incidents can be parted by, with how many there are of each. Of a field's values those that are chosen do not
 * narrow its own list: one more can be added. */
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { band } from "../../figures";
import { compact, date, number, t } from "../../i18n";
import { Button, Icon } from "../../ui";
import { disagreementName, DISAGREEMENTS } from "../../vocabulary";
import { toggled, type Change, type Filter, type Several } from "./filter";
import type { FacetsAnswer, FacetValue } from "./shapes";
import { siteName, valueName } from "./words";

const SHORT = 5;
const MANY = 12;

interface FacetProps {
    facets: FacetsAnswer | null;
    filter: Filter;
    change: (change: Change) => void;
}

function Section({ title, children, on, closed = false }: { title: string; children: ComponentChildren; on: number; closed?: boolean }) {
    const [open, setOpen] = useState(!closed || on > 0);
    return (
        <section class="facet">
            <h3>
                <button type="button" class="facet-head" aria-expanded={open} onClick={() => setOpen(!open)}>
                    <Icon name={open ? "down" : "forward"} size={14} /><span>{title}</span>{on > 0 && <span class="facet-on">{number(on)}</span>}
                </button>
            </h3>
            {open && children}
        </section>
    );
}

const count = (n: number): string => (n > 999999 ? compact(n) : number(n));

interface Choice {
    value: string;
    label: string;
    count: number | null;
    on: boolean;
}

/* One line of a facet; of those where one value alone holds, the mark is round. */
function Line({ choice, single, onChoose }: { choice: Choice; single?: boolean; onChoose: () => void }) {
    return (
        <li>
            <label class={choice.on ? "facet-line on" : "facet-line"}>
                <input type="checkbox" class={single ? "round" : undefined} checked={choice.on} onChange={onChoose} />
                <span class="facet-label" title={choice.label}><bdi>{choice.label}</bdi></span>
                {choice.count !== null && <span class="facet-count numeric">{count(choice.count)}</span>}
            </label>
        </li>
    );
}

function Lines({ choices, single, label, onChoose }: { choices: Choice[]; single?: boolean; label: string; onChoose: (value: string) => void }) {
    const [all, setAll] = useState(false);
    const [part, setPart] = useState("");
    const sought = all && choices.length > MANY;
    const found = sought && part ? choices.filter((choice) => choice.label.toLocaleLowerCase().includes(part.toLocaleLowerCase())) : choices;
    const seen = all ? found : found.filter((choice, i) => i < SHORT || choice.on);
    return (
        <>
            {sought && <input class="input facet-find" dir="auto" aria-label={t("facet_find", { what: label })} placeholder={t("facet_find_hint")} value={part} onInput={(event) => setPart(event.currentTarget.value)} />}
            <ul class={all ? "facet-lines all" : "facet-lines"} aria-label={label}>
                {seen.map((choice) => <Line key={choice.value} choice={choice} single={single ?? false} onChoose={() => onChoose(choice.value)} />)}
            </ul>
            {choices.length > SHORT && (
                <button type="button" class="facet-more" aria-expanded={all} onClick={() => setAll(!all)}>{all ? t("facet_less") : t("facet_more", { count: choices.length - Math.min(SHORT, choices.length) })}</button>
            )}
        </>
    );
}

/* The values that were counted, and those chosen ones of which there are none. */
function choicesOf(field: Several, values: readonly FacetValue[], { facets, filter }: FacetProps): Choice[] {
    const on = filter[field];
    const counted = values.map(({ value, count, name, name_ar }): Choice => ({ value, count, on: on.includes(value), label: field === "site" ? siteName({ name: name ?? null, name_ar: name_ar ?? null }) : valueName(field, value, facets) }));
    const missing = on.filter((value) => !values.some((counted) => counted.value === value));
    return [...missing.map((value): Choice => ({ value, count: 0, on: true, label: valueName(field, value, facets) })), ...counted];
}

function SeveralFacet({ field, values, title, bare, closed, ...props }: FacetProps & { field: Several; values: readonly FacetValue[] | undefined; title: string; bare?: boolean; closed?: boolean }) {
    const choices = choicesOf(field, values ?? [], props);
    if (!choices.length || (choices.length === 1 && choices[0]!.value === "none")) {
        return null;
    }
    const lines = <Lines choices={choices} label={title} onChoose={(value) => props.change({ [field]: toggled(props.filter[field], value) })} />;
    return bare ? <div class="facet-inner"><h4>{title}</h4>{lines}</div> : <Section title={title} on={props.filter[field].length} closed={closed ?? false}>{lines}</Section>;
}

function BandFacet({ values, title, low, high, filter, change }: FacetProps & { values: readonly FacetValue[] | undefined; title: string; low: "least" | "voices"; high: "most" | "voices_most" }) {
    if (!values?.length && !filter[low] && !filter[high]) {
        return null;
    }
    const choices = (values ?? []).map(({ value, from = 0, to = null, count }): Choice & { from: string; to: string } => {
        const [first, last] = [String(from), to === null ? "" : String(to)];
        return { value, count, label: band(from, to), on: filter[low] === first && filter[high] === last, from: first, to: last };
    });
    const choose = (value: string) => {
        const found = choices.find((choice) => choice.value === value)!;
        change(found.on ? { [low]: "", [high]: "" } : { [low]: found.from, [high]: found.to });
    };
    const bound = (name: typeof low | typeof high, label: string) => (
        <label><span>{label}</span><input class="input" type="number" min="0" inputmode="numeric" value={filter[name]} onChange={(event) => change({ [name]: event.currentTarget.value.replace(/\D/g, "") })} /></label>
    );
    return (
        <Section title={title} on={filter[low] || filter[high] ? 1 : 0}>
            {choices.length > 0 && <Lines choices={choices} single label={title} onChoose={choose} />}
            <div class="facet-bounds">{bound(low, t("facet_least"))}{bound(high, t("facet_most"))}</div>
        </Section>
    );
}

const DAY_MS = 86400000;
const dayText = (time: number): string => new Date(time).toISOString().slice(0, 10);

function presets(): { label: string; from: string; to: string }[] {
    const now = Date.now();
    const year = new Date(now).getUTCFullYear();
    return [
        { label: t("preset_week", { days: 7 }), from: dayText(now - 6 * DAY_MS), to: dayText(now) },
        { label: t("preset_month", { days: 30 }), from: dayText(now - 29 * DAY_MS), to: dayText(now) },
        { label: date(String(year), false), from: `${year}-01-01`, to: `${year}-12-31` },
        { label: date(String(year - 1), false), from: `${year - 1}-01-01`, to: `${year - 1}-12-31` },
    ];
}

function DateFacet({ filter, change }: FacetProps) {
    const bound = (name: "from" | "to", label: string) => (
        <label><span>{label}</span><input class="input" type="date" value={filter[name]} onChange={(event) => change({ [name]: event.currentTarget.value })} /></label>
    );
    return (
        <Section title={t("facet_date")} on={filter.from || filter.to ? 1 : 0}>
            <div class="facet-presets">
                {presets().map(({ label, from, to }) => {
                    const on = filter.from === from && filter.to === to;
                    return <button key={from} type="button" class="preset" aria-pressed={on} onClick={() => change(on ? { from: "", to: "" } : { from, to })}>{label}</button>;
                })}
            </div>
            <div class="facet-bounds dates">{bound("from", t("facet_from"))}{bound("to", t("facet_to"))}</div>
        </Section>
    );
}

function DisputeFacet({ facets, filter, change }: FacetProps) {
    const values = facets?.disagreement ?? (facets ? [{ value: "yes", count: facets.disputed }, { value: "no", count: facets.total - facets.disputed }] : []);
    const of = (value: string) => values.find((found) => found.value === value)?.count ?? null;
    const main: Choice[] = [["yes", "1", "disputed_yes"], ["no", "0", "disputed_no"]].map(([value, asks, key]) => ({ value: asks!, label: t(key!), count: of(value!), on: filter.disputed === asks }));
    const kinds: Choice[] = DISAGREEMENTS.filter((on) => of(on) !== null || filter.disagree === on).map((on) => ({ value: on, label: disagreementName(on), count: of(on), on: filter.disagree === on }));
    return (
        <Section title={t("facet_disagreement")} on={(filter.disputed ? 1 : 0) + (filter.disagree ? 1 : 0)}>
            <Lines choices={main} single label={t("facet_disagreement")} onChoose={(value) => change({ disputed: filter.disputed === value ? "" : value })} />
            {kinds.length > 0 && (
                <div class="facet-inner"><h4>{t("facet_parted")}</h4><Lines choices={kinds} single label={t("facet_parted")} onChoose={(value) => change({ disagree: filter.disagree === value ? "" : value })} /></div>
            )}
        </Section>
    );
}

function PlaceFacet(props: FacetProps) {
    const { facets, filter } = props;
    const on = filter.country.length + filter.admin1.length + filter.site.length;
    const narrow = filter.country.length > 0 || facets?.countries?.length === 1;
    const narrower = narrow && (filter.admin1.length > 0 || (facets?.admin1?.length ?? 0) <= 3);
    if (!facets?.countries?.length && !on) {
        return null;
    }
    return (
        <Section title={t("facet_place")} on={on}>
            <div class="facet-inner"><SeveralFacet {...props} bare field="country" values={facets?.countries} title={t("facet_country")} /></div>
            {(narrow || filter.admin1.length > 0) && <SeveralFacet {...props} bare field="admin1" values={facets?.admin1} title={t("facet_admin1")} />}
            {(narrower || filter.site.length > 0) && <SeveralFacet {...props} bare field="site" values={facets?.places} title={t("facet_site")} />}
        </Section>
    );
}

export function Facets(props: FacetProps) {
    const { facets, filter } = props;
    return (
        <div class="facets">
            <DateFacet {...props} />
            <PlaceFacet {...props} />
            <SeveralFacet {...props} field="effect" values={facets?.effects} title={t("facet_effect")} />
            <SeveralFacet {...props} field="event" values={facets?.events} title={t("facet_event")} />
            <BandFacet {...props} values={facets?.figures} title={filter.effect.length === 1 ? t("facet_figures_of", { effect: valueName("effect", filter.effect[0]!, facets) }) : t("facet_figures")} low="least" high="most" />
            <BandFacet {...props} values={facets?.voices} title={t("facet_voices")} low="voices" high="voices_most" />
            <DisputeFacet {...props} />
            <SeveralFacet {...props} field="status" values={facets?.statuses} title={t("facet_status")} />
            <SeveralFacet {...props} field="grade" values={facets?.grades} title={t("facet_grade")} />
            <SeveralFacet {...props} field="assignee" values={facets?.assignees} title={t("facet_assignee")} />
            <SeveralFacet {...props} field="language" values={facets?.languages} title={t("facet_language")} />
            <SeveralFacet {...props} field="outlet" values={facets?.outlets} title={t("facet_outlet")} closed />
        </div>
    );
}

export function Chips({ chips, change, clear }: { chips: readonly { key: string; words: string; without: Change }[]; change: (change: Change) => void; clear: () => void }) {
    if (!chips.length) {
        return null;
    }
    return (
        <div class="chosen" role="group" aria-label={t("chosen_label")}>
            {chips.map((chip) => (
                <span key={chip.key} class="chip tone-accent">
                    <span class="chip-words"><bdi>{chip.words}</bdi></span>
                    <button type="button" class="chip-remove" aria-label={t("chip_remove", { what: chip.words })} onClick={() => change(chip.without)}><Icon name="close" size={14} /></button>
                </span>
            ))}
            <Button kind="quiet" small onClick={clear}>{t("clear_all")}</Button>
        </div>
    );
}
