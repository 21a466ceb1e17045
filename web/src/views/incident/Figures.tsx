/* The range charts of an incident: one for each kind of harm, and under it those of which it is told "of these". */
import { useRef, useState } from "preact/hooks";
import { RangeChart, scaleFor, type Band, type Line, type Mark, type RangeRow } from "../../charts/range";
import { SaveChart, type Picture } from "../../charts/save";
import { useWidth } from "../../charts/measure";
import { counted, told } from "../../figures";
import { date, listedText, number, t } from "../../i18n";
import { session } from "../../session";
import { language } from "../../settings";
import type { Said } from "../../shapes";
import { shown } from "../../text";
import { Table, Tabs } from "../../ui";
import { effectName, EFFECTS } from "../../vocabulary";
import { kindWords, headlineText, point, pointed, VoiceLink } from "./parts";
import { toldBesideDenial, voiceAnchor, voiceName, wholeEstimates, type StoryVoice, type Whole } from "./story";
import { denialText, harm } from "./words";

const markOf = (said: Said, words: string): Mark => ({
    min: said.min, max: said.max, approx: said.approx ?? false, hedged: said.stance === "hedges",
    denied: said.stance === "denies", words,
});

const wordsOf = (whole: Whole, voice: number, said: Said, name: string): string => (said.stance === "denies" ? denialText(said, name, toldBesideDenial(whole, voice, said)) : harm(said));

/* The figure as told, without the kind of harm: the chart says that. Who tells of harm beside its denial does not deny any. */
const shortOf = (whole: Whole, voice: number, said: Said): string => (toldBesideDenial(whole, voice, said).length ? t("figure_denied") : counted(said));

/* A row's lines: each statement that stands, with what the voice said of the same people before, in
 * another report: a smaller figure beside it in the same one is no change of mind. */
function linesOf(whole: Whole, voice: number, said: readonly Said[], parts: boolean): { line: Line; said: Said; before: Said[] }[] {
    const stands = said.filter((one) => (parts ? one.part_of !== null : one.stands));
    const used = new Set<Said>();
    return stands.map((one) => {
        const before = parts ? [] : said.filter((old) => !old.stands && old.part_of === null && old.group === one.group && old.document !== one.document && !used.has(old) && (old.time ?? "") <= (one.time ?? "9"));
        before.forEach((old) => used.add(old));
        return { line: { mark: markOf(one, shortOf(whole, voice, one)), before: before.map((old) => markOf(old, told(old))) }, said: one, before };
    });
}

interface Entry {
    voice: StoryVoice;
    name: string;
    lines: ReturnType<typeof linesOf>;
}

/* Who denies that anybody was killed or injured denies both. */
const concerns = (said: Said, effect: string): boolean =>
    said.effect === effect || (said.effect === "casualties" && said.stance === "denies" && (effect === "killed" || effect === "injured"));

/* The voices that say something of this harm, as rows; `parts`: of those of whom it is told "of these". */
function entriesOf(whole: Whole, effect: string, parts: boolean): Entry[] {
    return whole.story.voices.map((voice) => {
        const said = voice.said.filter((one) => concerns(one, effect) && whole.claims.get(one.claim)?.scope === "incident" && (one.min !== null || one.max !== null || one.stance === "denies"));
        return { voice, name: shown(voiceName(whole, voice.independent)), lines: linesOf(whole, voice.independent, said, parts) };
    }).filter((entry) => entry.lines.length > 0);
}

function rowOf(whole: Whole, entry: Entry, link: boolean): RangeRow {
    const { voice, name } = entry;
    const words = entry.lines.map(({ said, before }) => [wordsOf(whole, voice.independent, said, name), ...before.map((old) => t("answer_at_first", { figure: harm(old) }))].join("; "));
    return {
        voice: voice.independent, name, kind: kindWords(whole, voice.independent), lines: entry.lines.map(({ line }) => line),
        words: `${t("voice_number", { number: number(voice.independent) })}: ${name}: ${words.join("; ")}`,
        ...(link && { href: "#" + voiceAnchor(voice.independent) }),
    };
}

function bandOf(whole: Whole, effect: string): Band | null {
    const estimate = wholeEstimates(whole).find((each) => each.effect === effect);
    return estimate ? { low: estimate.low ?? 0, high: estimate.high ?? estimate.low ?? 0, best: estimate.best, open: estimate.high_open } : null;
}

export const effectsOf = (whole: Whole): string[] => EFFECTS.filter((effect) => entriesOf(whole, effect, false).some((entry) => entry.lines.some(({ said }) => said.effect === effect)));

export function pictureOf(whole: Whole, title: string, name: string): Picture {
    const source = t("chart_source", { ledger: session.value?.ledger?.name ?? "isnad", day: date(new Date().toISOString().slice(0, 10), false), address: location.origin + location.pathname });
    // Isolates: a name in the other script must not turn the date around.
    const isolated = (words: string): string => `\u2068${words}\u2069`;
    return { title: t("chart_title", { incident: isolated(headlineText(whole.incident)), date: isolated(date(whole.incident.date, false)), what: isolated(title) }), source, name: `isnad-${whole.incident.id.slice(0, 10)}-${name}` };
}

const Sample = ({ mark }: { mark: Partial<Mark> & { before?: boolean } }) => {
    const colour = { fill: "var(--ink)", stroke: "var(--ink)" };
    return (
        <svg width={mark.min === 0 || mark.max === null ? 34 : 26} height="16" aria-hidden="true" class="range">
            {mark.denied ? <g style={colour}><circle class="range-denied" cx="13" cy="8" r="7" /><path class="range-cross" d="M8.500 3.500L17.500 12.500M17.500 3.500L8.500 12.500" /></g>
                : mark.before ? <g class="range-before" style={colour}><g class="range-faint"><circle cx="4" cy="8" r="4" /></g><path class="range-trail" d="M10 8H22M18.500 5L22 8L18.500 11" /></g>
                : mark.max === null ? <g style={colour}><path class="range-open" d="M8 8H32M27 3.500L32 8L27 12.500" /><circle cx="7" cy="8" r="5.500" /></g>
                : mark.approx ? <g style={colour}><ellipse class="range-cloud" cx="13" cy="8" rx="12" ry="7" /><ellipse class="range-cloud" cx="13" cy="8" rx="9" ry="6" /><circle cx="13" cy="8" r="5" /></g>
                : mark.hedged ? <circle class="range-hollow" style={colour} cx="13" cy="8" r="5" />
                : mark.min !== mark.max ? <g style={colour}><path class="range-bar" d="M5 8H21" /><circle cx="5" cy="8" r="5" /><circle cx="21" cy="8" r="5" /></g>
                : <circle style={colour} cx="13" cy="8" r="5.500" />}
        </svg>
    );
};

/* What the marks that stand in the chart mean. */
function RangeLegend({ entries }: { entries: readonly Entry[] }) {
    const lines = entries.flatMap((entry) => entry.lines.map(({ line }) => line));
    const marks = lines.map((line) => line.mark);
    const kinds: [string, Parameters<typeof Sample>[0]["mark"], boolean][] = [
        ["legend_exact", { min: 1, max: 1 }, marks.some((m) => m.min === m.max && !m.denied)],
        ["legend_range", { min: 1, max: 2 }, marks.some((m) => m.max !== null && m.min !== m.max)],
        ["legend_open", { min: 1, max: null }, marks.some((m) => m.max === null && !m.denied)],
        ["legend_approx", { min: 1, max: 1, approx: true }, marks.some((m) => m.approx)],
        ["legend_hedged", { min: 1, max: 1, hedged: true }, marks.some((m) => m.hedged)],
        ["legend_denied", { denied: true }, marks.some((m) => m.denied)],
        ["legend_before", { before: true }, lines.some((line) => line.before.length > 0)],
    ];
    return <p class="legend">{kinds.filter(([, , there]) => there).map(([key, mark]) => <span key={key}><Sample mark={mark} />{t(key)}</span>)}</p>;
}

export function RangeOf({ whole, effect, width, link }: { whole: Whole; effect: string; width: number; link: boolean }) {
    const rtl = language.value === "ar";
    const entries = entriesOf(whole, effect, false);
    const parts = entriesOf(whole, effect, true);
    const rows = entries.map((entry) => rowOf(whole, entry, link));
    const band = bandOf(whole, effect);
    const label = t("range_label", { effect: effectName(effect) });
    const pointing = link ? { pointed: pointed.value, onPoint: point } : {};
    return (
        <>
            <RangeChart rows={rows} band={band} label={label} width={width} rtl={rtl} {...pointing} />
            {scaleFor(rows, band, 0, 300).log && <p class="hint">{t("range_log")}</p>}
            <RangeLegend entries={entries} />
            {parts.length > 0 && <div class="range-parts">
                <h3>{t("range_parts")}</h3>
                <RangeChart rows={parts.map((entry) => rowOf(whole, entry, link))} band={null} label={t("range_parts")} width={width} rtl={rtl} {...pointing} />
            </div>}
        </>
    );
}

function AsTable({ whole, effect }: { whole: Whole; effect: string }) {
    const rows = entriesOf(whole, effect, false).flatMap((entry) => entry.lines.map((line, i) => ({ key: `${entry.voice.independent}-${i}`, entry, ...line })));
    return (
        <Table caption={t("range_label", { effect: effectName(effect) })} rows={rows} rowKey={(row) => row.key} columns={[
            { key: "voice", title: t("range_col_voice"), cell: (row) => <VoiceLink whole={whole} voice={row.entry.voice.independent} /> },
            { key: "last", title: t("range_col_last"), cell: (row) => <strong>{shortOf(whole, row.entry.voice.independent, row.said)}</strong> },
            { key: "before", title: t("range_col_before"), cell: (row) => (row.before.length ? listedText(row.before.map((old) => counted(old))) : t("no_figure")) },
            { key: "reports", title: t("range_col_reports"), numeric: true, cell: (row) => number(new Set(row.said.claims.map((id) => whole.claims.get(id)?.document)).size) },
        ]} />
    );
}

export function Figures({ whole }: { whole: Whole }) {
    const effects = effectsOf(whole);
    const [chosen, setChosen] = useState(effects[0] ?? "");
    const { element, width } = useWidth();
    const body = useRef<HTMLDivElement>(null);
    const effect = effects.includes(chosen) ? chosen : effects[0];
    if (!effect) {
        return null;
    }
    const label = effectName(effect);
    return (
        <section class="panel figures" aria-labelledby="figures-title">
            <div class="section-head">
                <h2 id="figures-title">{t("range_title")}</h2>
                <SaveChart find={() => body.current?.querySelector<SVGSVGElement>("svg.range") ?? null} picture={() => pictureOf(whole, label, effect)} />
            </div>
            <p class="hint">{t("range_hint")}</p>
            <Tabs label={t("range_title")} current={effect} onTab={setChosen} tabs={effects.map((each) => ({ key: each, label: effectName(each) }))}>
                <div ref={body} class={`effect-${effect}`}>
                    <div ref={element}>{width > 0 && <RangeOf whole={whole} effect={effect} width={width} link />}</div>
                    <details class="as-table"><summary>{t("range_table")}</summary><AsTable whole={whole} effect={effect} /></details>
                </div>
            </Tabs>
        </section>
    );
}
