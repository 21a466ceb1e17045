/* What goes out on paper: one incident, or the incidents of a search. Always light; the browser makes the PDF. */
import { useEffect } from "preact/hooks";
import { get } from "../../api";
import { href, incidentHref, type Query } from "../../base";
import { ChainGraph, ChainList } from "../../charts/chain";
import { useWidth } from "../../charts/measure";
import { placeName, range, wholeFigures } from "../../figures";
import { Title } from "../../frame/Title";
import { country, date, listed, named, number, rich, t, tongue } from "../../i18n";
import { useResource } from "../../resource";
import type { ViewProps } from "../../routes";
import { session } from "../../session";
import { language, onPaper } from "../../settings";
import type { Claim, IncidentsAnswer, Paper, Summary } from "../../shapes";
import { shown } from "../../text";
import { Button, ButtonLink, ErrorBox, Loading, Table, Toasts } from "../../ui";
import { effectName, eventName, relayName, statusName } from "../../vocabulary";
import { Apart } from "../incident/Apart";
import { chainOf, ChainLegend } from "../incident/Chain";
import { effectsOf, RangeOf } from "../incident/Figures";
import { EstimateWhy, Facts, States, Verdict } from "../incident/Head";
import { headlineText, kindWords, paperName, useKept, VoiceBadge, type Archived, type Kept } from "../incident/parts";
import { ExportMenu } from "../incident/Rest";
import { loadWhole, voiceName, wholeEstimates, type StoryVoice, type Whole } from "../incident/story";
import { bySentence, Evidence, inOrder, SaidFigure } from "../incident/Voices";

/* The width of A4 within its margins, in CSS pixels: what drawings are made for where the screen has it. */
const PAPER = 656;
const MOST_DRAWN = 36;
const MOST_SENTENCES = 12;

function usePaper(): void {
    useEffect(() => {
        onPaper.value = true;
        return () => void (onPaper.value = false);
    }, []);
}

const ledgerName = (): string => session.value?.ledger?.name ?? t("name");

function Foot({ address }: { address: string }) {
    return (
        <footer class="report-foot">
            <p>{rich("report_of", { ledger: <bdi>{ledgerName()}</bdi> })} · {t("report_made", { time: date(new Date().toISOString().slice(0, 16)) })} {session.value?.version ? t("report_made_by", { version: session.value.version }) : ""}</p>
            <p><bdi dir="ltr" class="mono">{address}</bdi></p>
        </footer>
    );
}

function Source({ paper, claim, archived }: { paper: Paper | undefined; claim: Claim; archived: Archived | undefined }) {
    return (
        <p class="report-source">
            <span>{rich("report_source", { outlet: <bdi>{paperName(paper)}</bdi>, date: paper?.published ? <time>{date(paper.published)}</time> : t("unknown_date") })}</span>
            {archived?.time && <span>{t("report_archived", { date: date(archived.time.slice(0, 16)) })}</span>}
            {archived?.sha256 && <span dir="ltr" class="mono">SHA-256 {archived.sha256.slice(0, 16)}…</span>}
            {(paper?.url ?? claim.document) && <bdi dir="ltr" class="mono report-address">{paper?.url ?? claim.document}</bdi>}
        </p>
    );
}

/* What a voice said, and the sentences of every report that did more than copy. */
function VoiceEvidence({ whole, voice, kept }: { whole: Whole; voice: StoryVoice; kept: Kept }) {
    const n = voice.independent;
    const name = shown(voiceName(whole, n));
    return (
        <section class="report-voice">
            <h3><VoiceBadge voice={n} /> <bdi>{name}</bdi> <span class="quiet">{kindWords(whole, n)}</span></h3>
            {bySentence(whole, inOrder(voice.said)).map((tellings) => {
                const all = tellings.flatMap((telling) => telling.claims);
                const own = all.filter((claim) => claim.chain.at(-1)?.how !== "copied");
                const papers = [...new Set((own.length ? own : all.slice(0, 1)).map((claim) => claim.document))];
                return (
                    <div key={tellings[0]!.said.claim} class="report-said">
                        <p class="saying-head">{tellings.map((telling) => <SaidFigure key={telling.said.claim} whole={whole} voice={voice} telling={telling} />)} <span class="quiet">{t("reports_count", { count: new Set(all.map((claim) => claim.document)).size })}</span></p>
                        {papers.slice(0, MOST_SENTENCES).map((id) => {
                            const here = all.filter((claim) => claim.document === id);
                            return <div key={id} class="report-sentence"><Evidence whole={whole} claim={here[0]!} marks={kept.marks} also={here.slice(1)} /><Source paper={whole.papers.get(id)} claim={here[0]!} archived={kept.archived.get(id)} /></div>;
                        })}
                        {papers.length > MOST_SENTENCES && <p class="hint">{t("papers_more", { count: papers.length - MOST_SENTENCES })}</p>}
                    </div>
                );
            })}
        </section>
    );
}

function Charts({ whole }: { whole: Whole }) {
    const { element, width } = useWidth();
    const wide = Math.min(PAPER, width);
    const { nodes, edges } = chainOf(whole);
    return (
        <div ref={element}>
            {width > 0 && <section class="report-part">
                <h2>{t("range_title")}</h2>
                <p class="hint">{t("range_hint")}</p>
                {effectsOf(whole).map((effect) => <div key={effect} class={`report-chart effect-${effect}`}><h3>{effectName(effect)}</h3><RangeOf whole={whole} effect={effect} width={wide} link={false} /></div>)}
            </section>}
            {width > 0 && nodes.length > 0 && <section class="report-part report-chain">
                <h2>{t("chain_title")}</h2>
                <p class="hint">{t("chain_hint")}</p>
                {nodes.length <= MOST_DRAWN && wide === PAPER ? <><ChainGraph nodes={nodes} edges={edges} label={t("chain_label")} width={PAPER} rtl={language.value === "ar"} still /><ChainLegend /></> : <ChainList nodes={nodes} edges={edges} how={relayName} />}
            </section>}
        </div>
    );
}

function Tools({ back, filter }: { back: string; filter: Record<string, string> }) {
    return (
        <div class="report-tools row">
            <ButtonLink icon="back" kind="quiet" href={back}>{t("report_back")}</ButtonLink>
            <span class="row report-take"><ExportMenu filter={filter} /><Button kind="strong" icon="print" onClick={() => print()}>{t("report_print")}</Button></span><Toasts />
        </div>
    );
}

function IncidentReport({ id }: { id: string }) {
    const { data: whole, error, reload } = useResource(`incident/${id}`, (signal) => loadWhole(id, signal));
    const kept = useKept(whole, 400);
    if (error && !whole) {
        return <ErrorBox error={error} again={reload} />;
    }
    if (!whole) {
        return <Loading />;
    }
    return (
        <div class="report" data-ready={kept.ready ? "1" : undefined}>
            <Tools back={incidentHref(id)} filter={{ id }} />
            <article class="report-sheet">
                <header class="report-head">
                    <p class="report-ledger">{rich("report_page_of", { ledger: <bdi>{ledgerName()}</bdi> })}</p>
                    <Title words={headlineText(whole.incident)} />
                    <Facts whole={whole} />
                    <States whole={whole} />
                </header>
                <section class="report-part"><h2>{t("answers_title")}</h2><Verdict whole={whole} plain /><p class="hint">{t("report_voices_rule")}</p></section>
                <Charts whole={whole} />
                <Apart whole={whole} plain />
                <section class="report-part">
                    <h2>{t("report_rule")}</h2>
                    {wholeEstimates(whole).map((estimate, i) => <div key={estimate.effect} class={`report-estimate effect-${estimate.effect}`}><h3>{effectName(estimate.effect)} <span class="figure">{range(estimate)}</span></h3><EstimateWhy whole={whole} estimate={estimate} rule={i === 0} plain /></div>)}
                </section>
                <section class="report-part"><h2>{t("report_evidence")}</h2>{whole.story.voices.map((voice) => <VoiceEvidence key={voice.independent} whole={whole} voice={voice} kept={kept} />)}</section>
                <Foot address={location.origin + incidentHref(id)} />
            </article>
        </div>
    );
}

const MOST_ROWS = 1000;

/* All rows, a page of the list at a time. */
async function loadRows(filter: Query, signal: AbortSignal): Promise<{ rows: Summary[]; total: number; more: boolean }> {
    const rows: Summary[] = [];
    let after: string | null | undefined;
    let total = 0;
    do {
        const answer: IncidentsAnswer = await get<IncidentsAnswer>("incidents", { ...filter, limit: 200, ...(after && { after }) }, signal);
        rows.push(...answer.incidents);
        total = answer.total ?? rows.length;
        after = answer.next;
    } while (after && rows.length < MOST_ROWS);
    return { rows, total, more: Boolean(after) };
}

/* What was asked for, in words where there are some. */
function valueWords(name: string, value: string): string {
    const words: Record<string, (one: string) => string> = {
        from: (one) => date(one, false), to: (one) => date(one, false), country, language: tongue,
        effect: effectName, event: eventName, status: statusName,
    };
    return value.split(/(?<!\\),/).map((one) => shown((words[name] ?? String)(one))).join(", ");
}

function SearchReport({ query }: { query: URLSearchParams }) {
    const filter: Record<string, string> = Object.fromEntries([...query].filter(([name]) => name !== "after" && name !== "limit"));
    const { data, error, reload } = useResource("report?" + query, (signal) => loadRows(filter, signal));
    if (error && !data) {
        return <ErrorBox error={error} again={reload} />;
    }
    if (!data) {
        return <Loading />;
    }
    const asked = Object.entries(filter);
    return (
        <div class="report" data-ready="1">
            <Tools back={href("incidents", filter)} filter={filter} />
            <article class="report-sheet">
                <header class="report-head">
                    <p class="report-ledger">{rich("report_page_of", { ledger: <bdi>{ledgerName()}</bdi> })}</p>
                    <Title words={t("report_search")} />
                    <p>{rich("report_filter", { filter: asked.length ? listed(asked.map(([name, value]) => <span key={name}>{rich("report_field", { name: named("filter_field", name), value: <bdi>{valueWords(name, value)}</bdi> })}</span>)) : t("report_all") })}</p>
                    <p>{t("report_total", { count: data.total })}{data.more && <> {t("report_first_of", { n: data.rows.length })}</>}</p>
                </header>
                <Table caption={t("report_search")} rows={data.rows} rowKey={(row) => row.id} columns={[
                    { key: "date", title: t("report_col_date"), cell: (row) => <time>{date(row.date)}</time> },
                    { key: "incident", title: t("report_col_incident"), cell: (row) => <a href={incidentHref(row.id)}>{rich("incident_in", { event: eventName(row.event), place: <bdi>{shown(placeName(row.place))}</bdi> })}</a> },
                    { key: "figures", title: t("report_col_figures"), cell: (row) => <>{wholeFigures(row.estimates).map((e) => <span key={e.effect} class={`report-figure effect-${e.effect}`}><span class="quiet">{effectName(e.effect)}</span> <span class="figure">{range(e)}</span></span>)}{row.disagreements > 0 && <span class="report-disputed">{t("report_disputed")}</span>}</> },
                    { key: "voices", title: t("report_col_voices"), numeric: true, cell: (row) => number(row.voices.independent) },
                    { key: "reports", title: t("report_col_reports"), numeric: true, cell: (row) => number(row.documents) },
                ]} />
                <p class="hint">{t("report_voices_rule")}</p>
                <Foot address={location.href} />
            </article>
        </div>
    );
}

export default function View({ id, query }: ViewProps) {
    usePaper();
    return id ? <IncidentReport id={id} /> : <SearchReport query={query} />;
}
