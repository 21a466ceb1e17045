/* The reports of an incident, what reviewers did and said, and what is taken out of it. */
import { useState } from "preact/hooks";
import { ApiError, downloadHref, get } from "../../api";
import { documentHref, href } from "../../base";
import { saveFile } from "../../charts/save";
import { ago, date, rich, t, tongue } from "../../i18n";
import { useResource } from "../../resource";
import { may, session } from "../../session";
import type { Figure, Incident } from "../../shapes";
import { directionOf, shown } from "../../text";
import { Button, ButtonLink, Chip, copyText, Dialog, errorWords, Field, Menu, TextArea, toast } from "../../ui";
import { actName } from "../../vocabulary";
import { paperName } from "./parts";
import type { Whole } from "./story";
import { harm } from "./words";

const FIRST_PAPERS = 12;

export function Papers({ whole }: { whole: Whole }) {
    const all = whole.incident.documents;
    const [open, setOpen] = useState(all.length <= FIRST_PAPERS + 2);
    return (
        <section class="panel papers" aria-labelledby="papers-title">
            <h2 id="papers-title">{t("papers_title")}</h2>
            <ul>
                {(open ? all : all.slice(0, FIRST_PAPERS)).map((paper) => (
                    <li key={paper.id}>
                        <a class="paper-title" href={documentHref(paper.id)} lang={paper.language ?? undefined} dir={directionOf(paper.language)}>{shown(paper.title || paperName(paper))}</a>
                        <p class="row quiet small-words">
                            <bdi>{paperName(paper)}</bdi>{paper.published && <time>{date(paper.published)}</time>}{paper.language && <span>{tongue(paper.language)}</span>}
                            {paper.copy_of && <Chip>{rich("paper_copy_of", { outlet: <bdi>{paperName(whole.papers.get(paper.copy_of))}</bdi> })}</Chip>}
                        </p>
                    </li>
                ))}
            </ul>
            {!open && <Button kind="quiet" small onClick={() => setOpen(true)}>{t("papers_more", { count: all.length - FIRST_PAPERS })}</Button>}
        </section>
    );
}

interface Act {
    number?: number;
    act?: number;
    kind: string;
    who: string;
    time: string;
    why?: string | null;
    undone?: number | boolean | null;
    claim?: string | null;
    payload?: { set?: Partial<Figure>; these?: { document: string; effect: string; read?: Partial<Figure> }[] } | null;
}

/* The figures that acts are of, as they stood before each and as it put them; `acts` begin with the first. */
function figuresOf(acts: readonly Act[]): ReadonlyMap<Act, { from: Figure; to: Figure; document: string }> {
    const now = new Map<string, Figure>();
    const found = new Map<Act, { from: Figure; to: Figure; document: string }>();
    for (const act of acts) {
        const of = act.payload?.these?.[0];
        if (!act.claim || !of?.read) {
            continue;
        }
        const from = now.get(act.claim) ?? { min: null, max: null, effect: of.effect, ...of.read };
        const to = { ...from, ...(act.kind === "correct" && act.payload?.set) };
        found.set(act, { from, to, document: of.document });
        if (!act.undone) {
            now.set(act.claim, to);
        }
    }
    return found;
}

function ActedOn({ incident, from, to, document }: { incident: Incident; from: Figure; to: Figure; document: string }) {
    const [was, is] = [harm(from), harm(to)];
    const paper = incident.documents.find(({ id }) => id === document);
    const report = <a href={documentHref(document)}><bdi>{paperName(paper)}</bdi></a>;
    return <p class="small-words">{was === is ? rich("act_of_figure", { figure: is, report }) : rich("act_of_change", { was, is, report })}</p>;
}

export function History({ incident, round }: { incident: Incident; round: number }) {
    const { data } = useResource(`${incident.id}/acts?${round}.${incident.history}`, (signal) => get<{ acts: Act[] }>(`incidents/${encodeURIComponent(incident.id)}/acts`, {}, signal));
    const acts = data?.acts ?? [];
    const comments = incident.comments ?? [];
    const figures = figuresOf(acts);
    return (
        <section class="panel acts" aria-labelledby="acts-title">
            <h2 id="acts-title">{t("acts_title")}</h2>
            {!acts.length && !comments.length && <p class="quiet">{t("acts_none")}</p>}
            {comments.length > 0 && <>
                <h3>{t("comments_title")}</h3>
                <ul class="comments">{comments.map((comment, i) => <li key={i}><p dir="auto">{shown(comment.text)}</p><p class="quiet small-words"><bdi>{shown(comment.who)}</bdi> · <time title={date(comment.time)}>{ago(comment.time)}</time></p></li>)}</ul>
            </>}
            {acts.length > 0 && <ol class="acts-list">
                {acts.slice(0, 60).map((act, i) => (
                    <li key={act.number ?? act.act ?? i} class={act.undone ? "undone" : undefined}>
                        <bdi>{shown(act.who)}</bdi> · <span>{actName(act.kind)}</span>{act.undone ? <Chip>{t("act_undone")}</Chip> : null}
                        <time class="quiet" title={date(act.time)}> {ago(act.time)}</time>
                        {figures.has(act) && <ActedOn incident={incident} {...figures.get(act)!} />}
                        {act.why && <p class="quiet" dir="auto">{shown(act.why)}</p>}
                    </li>
                ))}
            </ol>}
        </section>
    );
}

const FORMATS: [string, string][] = [["jsonl", "JSON"], ["csv", "CSV"], ["geojson", "GeoJSON"], ["kml", "KML"], ["ucdp", "UCDP"], ["acled", "ACLED"]];

/* A bundle is refused while the log's head is not signed: that is told here, not saved as a file. */
async function saveBundle(filter: Record<string, string>): Promise<void> {
    try {
        toast(t("bundle_made"));
        const response = await fetch(downloadHref("bundle", filter));
        if (!response.ok) {
            const told = (await response.json().catch(() => null)) as { error?: { message?: string } } | null;
            throw new ApiError(response.status, told?.error?.message ?? response.statusText);
        }
        const name = /filename="([^"]+)"/.exec(response.headers.get("Content-Disposition") ?? "")?.[1] ?? "bundle.wacz";
        saveFile(await response.blob(), name);
    } catch (error) {
        toast(error instanceof ApiError && error.status === 409 ? t("bundle_unsigned", { why: error.message }) : errorWords(error), { wrong: true });
    }
}

/* All that the ledger gives out, of one incident or of a search. */
export function ExportMenu({ filter }: { filter: Record<string, string> }) {
    if (!may("export")) {
        return null;
    }
    const of = (what: string, format: string) => downloadHref("export", { ...filter, what, format });
    return (
        <Menu label={t("incident_export")} align="end" sections={[
            { title: t("export_data"), items: FORMATS.map(([format, name]) => ({ label: name, href: of("incidents", format) })) },
            { title: t("export_of_claims"), items: FORMATS.slice(0, 4).map(([format, name]) => ({ label: `${name} `, href: of("claims", format) })) },
            { title: t("export_of_chains"), items: FORMATS.slice(0, 2).map(([format, name]) => ({ label: `${name}  `, href: of("chains", format) })) },
            { items: [{ label: t("export_bundle"), icon: "download", run: () => void saveBundle(filter) }] },
        ]}>{t("incident_export")}</Menu>
    );
}

function EmbedDialog({ id, onClose }: { id: string; onClose: () => void }) {
    const address = location.origin + href("embed/incidents/" + encodeURIComponent(id));
    const code = `<iframe src="${address}" title="Isnad" width="100%" height="460" loading="lazy" sandbox="allow-scripts allow-same-origin allow-popups"></iframe>`;
    return (
        <Dialog title={t("embed_title")} onClose={onClose} actions={<Button kind="strong" icon="copy" onClick={() => void copyText(code)}>{t("embed_copy")}</Button>}>
            <div class="stack">
                <p>{t("embed_words")}</p>
                {!session.value?.public && <p class="warn-words">{t("embed_closed")}</p>}
                <Field label={t("embed_code")}><TextArea readOnly dir="ltr" class="mono" value={code} onFocus={(event) => event.currentTarget.select()} /></Field>
            </div>
        </Dialog>
    );
}

export function TakeOut({ id }: { id: string }) {
    const [embed, setEmbed] = useState(false);
    return (
        <>
            <ButtonLink icon="print" href={href("report/incidents/" + encodeURIComponent(id))}>{t("incident_report")}</ButtonLink>
            <ExportMenu filter={{ id }} />
            <Button icon="link" onClick={() => setEmbed(true)}>{t("incident_embed")}</Button>
            {embed && <EmbedDialog id={id} onClose={() => setEmbed(false)} />}
        </>
    );
}
