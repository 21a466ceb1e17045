/* Two outlets, two periods or two places beside each other: what only one tells of, and where both tell of one incident
 * but not the same figures. */
import { useState } from "preact/hooks";
import { get } from "../../api";
import { band } from "../../figures";
import { Title } from "../../frame/Title";
import { listedText, number, rich, t } from "../../i18n";
import { Estimates, IncidentLink, ToldFigure } from "../../reading/short";
import { useResource } from "../../resource";
import { go } from "../../router";
import type { ViewProps } from "../../routes";
import type { Figure, Summary } from "../../shapes";
import { shown } from "../../text";
import { Button, Checkbox, Empty, ErrorBox, Field, Input, Loading, Tabs } from "../../ui";
import { effectName, EFFECTS } from "../../vocabulary";

type By = "outlet" | "period" | "place";
const WAYS: readonly By[] = ["outlet", "period", "place"];

interface Side {
    label: string;
    incidents: number;
    documents: number;
    claims: number;
    voices: number;
    effects: { effect: string; low: number; best: number | null; high: number; incidents: number }[];
}

interface Both {
    incident: Summary;
    a: Figure[];
    b: Figure[];
    differ: boolean;
}

interface Compared {
    a: Side;
    b: Side;
    counts: { only_a: number; only_b: number; both: number };
    only_a: Summary[];
    only_b: Summary[];
    both: Both[];
}

interface Value {
    value: string;
    count: number;
}

/* Names that may be compared, for the fields to offer. */
interface Offered {
    outlets?: Value[];
    places?: (Value & { name?: string; name_ar?: string })[];
}

const toldFigures = (figures: Figure[]) => (figures.length
    ? figures.map((figure, i) => <span key={i} class={`short-figure effect-${figure.effect}`}><ToldFigure figure={figure} /></span>)
    : <span class="quiet">{t("compare_no_figure")}</span>);

function Sides({ answer }: { answer: Compared }) {
    const rows: [string, (side: Side) => string][] = [
        ["compare_incidents", (side) => number(side.incidents)], ["compare_documents", (side) => number(side.documents)],
        ["compare_claims", (side) => number(side.claims)], ["compare_voices", (side) => number(side.voices)],
    ];
    const effects = EFFECTS.filter((effect) => [answer.a, answer.b].some((side) => side.effects.some((e) => e.effect === effect)));
    const sum = (side: Side, effect: string): string => {
        const e = side.effects.find((one) => one.effect === effect);
        return e ? t("compare_sum", { figure: band(e.low, e.high), count: e.incidents }) : "–";
    };
    return (
        <table class="compare-sides">
            <caption class="unseen">{t("compare_totals")}</caption>
            <thead><tr><th scope="col"><span class="unseen">{t("compare_what")}</span></th><th scope="col"><bdi>{shown(answer.a.label)}</bdi></th><th scope="col"><bdi>{shown(answer.b.label)}</bdi></th></tr></thead>
            <tbody>
                {rows.map(([key, value]) => <tr key={key}><th scope="row">{t(key)}</th><td class="figure">{value(answer.a)}</td><td class="figure">{value(answer.b)}</td></tr>)}
                {effects.map((effect) => <tr key={effect} class={`effect-${effect}`}><th scope="row"><span class="effect-name">{effectName(effect)}</span></th><td class="figure">{sum(answer.a, effect)}</td><td class="figure">{sum(answer.b, effect)}</td></tr>)}
            </tbody>
        </table>
    );
}

function List({ title, rows, count }: { title: string; rows: Summary[]; count: number }) {
    return (
        <section class="compare-list">
            <h2><bdi>{title}</bdi> <span class="quiet figure">{number(count)}</span></h2>
            {rows.length ? <ol>{rows.map((incident) => <li key={incident.id}><p><IncidentLink incident={incident} hijri={false} /></p><p><Estimates of={incident.estimates} most={2} /></p></li>)}</ol> : <p class="quiet">{t("compare_nothing")}</p>}
            {count > rows.length && <p class="quiet small-words">{t("compare_heaviest", { count: rows.length })}</p>}
        </section>
    );
}

/* The kinds of harm of which one side alone tells a figure. */
function alone(of: readonly Figure[], others: readonly Figure[]): string[] {
    const tells = (figures: readonly Figure[], effect: string) => figures.some((figure) => figure.effect === effect && figure.max !== 0 && figure.stance !== "denies");
    return EFFECTS.filter((effect) => tells(of, effect) && !tells(others, effect));
}

const isUnlike = (row: Both): boolean => row.differ || alone(row.a, row.b).length > 0 || alone(row.b, row.a).length > 0;

function Alone({ side, effects }: { side: Side; effects: string[] }) {
    return effects.length ? <span class="compare-alone quiet small-words">{rich("compare_alone", { side: shown(side.label), effects: listedText(effects.map(effectName)) })}</span> : null;
}

function Together({ answer }: { answer: Compared }) {
    const [differing, setDiffering] = useState(false);
    const rows = answer.both.filter((row) => !differing || isUnlike(row));
    return (
        <section class="compare-both">
            <h2>{t("compare_both")} <span class="quiet figure">{number(answer.counts.both)}</span></h2>
            {answer.both.length > 0 && <Checkbox label={t("compare_only_differing", { count: answer.both.filter(isUnlike).length })} checked={differing} onChecked={setDiffering} />}
            {rows.length ? (
                <table class="table">
                    <caption class="unseen">{t("compare_both")}</caption>
                    <thead><tr><th scope="col">{t("compare_incident")}</th><th scope="col"><bdi>{shown(answer.a.label)}</bdi></th><th scope="col"><bdi>{shown(answer.b.label)}</bdi></th></tr></thead>
                    <tbody>{rows.map((row) => (
                        <tr key={row.incident.id} class={row.differ ? "differs" : undefined}>
                            <td data-label={t("compare_incident")}><IncidentLink incident={row.incident} hijri={false} />{row.differ && <span class="compare-differs">{t("compare_differs")}</span>}
                                <Alone side={answer.a} effects={alone(row.a, row.b)} /><Alone side={answer.b} effects={alone(row.b, row.a)} /></td>
                            <td data-label={shown(answer.a.label)}>{toldFigures(row.a)}</td>
                            <td data-label={shown(answer.b.label)}>{toldFigures(row.b)}</td>
                        </tr>
                    ))}</tbody>
                </table>
            ) : <p class="quiet">{t("compare_nothing")}</p>}
        </section>
    );
}

export default function View({ query }: ViewProps) {
    const by = WAYS.find((one) => one === query.get("by")) ?? "outlet";
    const asked = { by, a: query.get("a") ?? "", b: query.get("b") ?? "" };
    const [typed, setTyped] = useState({ key: "", a: "", b: "" });
    const key = [by, asked.a, asked.b].join("\n");
    const now = typed.key === key ? typed : { key, a: asked.a, b: asked.b };
    const ready = asked.a && asked.b;
    const { data, error, loading, reload } = useResource(ready ? "compare\n" + key : null, (signal) => get<Compared>("compare", asked, signal));
    const offered = useResource<Offered>("facets", (signal) => get<Offered>("facets", {}, signal));
    const names = by === "outlet" ? (offered.data?.outlets ?? []).map((o) => o.value) : by === "place" ? (offered.data?.places ?? []).map((p) => p.name ?? p.value) : [];
    const field = (side: "a" | "b", label: string, hint: string) => (
        <Field label={label} hint={hint}>
            <Input value={now[side]} list={names.length ? "compare-names" : undefined} placeholder={t(`compare_example_${by}_${side}`)} onInput={(event) => setTyped({ ...now, [side]: event.currentTarget.value })} />
        </Field>
    );
    return (
        <div class="page compare">
            <header class="page-head"><Title words={t("title_compare")} /></header>
            <Tabs label={t("compare_by")} current={by} onTab={(next) => go("compare", { by: next === "outlet" ? null : next }, { quiet: true })} tabs={WAYS.map((one) => ({ key: one, label: t(`compare_by_${one}`) }))}>
                <form class="compare-form" onSubmit={(event) => (event.preventDefault(), go("compare", { by: by === "outlet" ? null : by, a: now.a.trim(), b: now.b.trim() }))}>
                    {field("a", t("compare_first"), t(`compare_hint_${by}`))}
                    {field("b", t("compare_second"), "")}
                    <Button type="submit" kind="strong" icon="compare" disabled={!now.a.trim() || !now.b.trim()}>{t("compare_do")}</Button>
                    <datalist id="compare-names">{[...new Set(names)].slice(0, 200).map((name) => <option key={name} value={name} />)}</datalist>
                </form>
                {!ready ? <Empty title={t("compare_begin")} icon="compare" /> : error ? <ErrorBox error={error} again={reload} /> : !data || loading ? <Loading /> : (
                    <div class="compare-answer">
                        <Sides answer={data} />
                        <Together answer={data} />
                        <div class="compare-lists">
                            <List title={t("compare_only", { side: shown(data.a.label) })} rows={data.only_a} count={data.counts.only_a} />
                            <List title={t("compare_only", { side: shown(data.b.label) })} rows={data.only_b} count={data.counts.only_b} />
                        </div>
                    </div>
                )}
            </Tabs>
        </div>
    );
}
