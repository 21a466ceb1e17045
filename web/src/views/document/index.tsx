/* One document: the article as it was read, the page as it was archived, the claims beside them, and what else is known of
 * it. The address says which version, which claim and which view are open. */
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { useSaid } from "../../acts";
import { Title } from "../../frame/Title";
import { documentHref, incidentHref } from "../../base";
import { outletOf } from "../../figures";
import { date, number, t, tongue } from "../../i18n";
import { inOrder } from "../../reading/shape";
import { touches, useEvents } from "../../resource";
import { goTo } from "../../router";
import type { ViewProps } from "../../routes";
import { may } from "../../session";
import { wantsStill } from "../../settings";
import { CodePoints, shown } from "../../text";
import { Button, Chip, ErrorBox, Icon, IconButton, Loading, Tabs, useMedia, useShortcuts } from "../../ui";
import { Archive } from "./Archive";
import { Article } from "./Article";
import { cardId, Claims, DocumentClaim } from "./Claims";
import { ClaimForm, type Draft } from "./ClaimForm";
import { Compare } from "./Compare";
import { useDocument, type Whole } from "./data";
import { Copies, Facts, Versions } from "./Panels";

type View = "article" | "archive" | "both";
const QUIET_MS = 600;
const PANELS = ["claims", "versions", "copies", "facts"] as const;

const numberOf = (text: string | null): number | null => (text && /^\d{1,9}$/.test(text) ? Number(text) : null);

export default function Document({ id, query }: ViewProps) {
    const { data, error, loading, reload } = useDocument(id, numberOf(query.get("version")) === null ? null : query.get("version"));
    useEvents(["act", "added", "lost"], reload, QUIET_MS, (name, told) => name !== "act" || touches(told, data?.document.incidents ?? []));
    useSaid(reload);
    if (!data || data.document.id !== id && !data.document.id.startsWith(id)) {
        return (
            <div class="page"><Title words={t("title_document")} hidden />{error && !loading ? <ErrorBox error={error} again={reload} /> : <Loading />}</div>
        );
    }
    return <Open key={`${data.document.id} ${data.document.version}`} whole={data} query={query} reload={reload} />;
}

/* The title is part of the article's text; where that is shown, it is not shown twice. */
function Head({ whole, reads }: { whole: Whole; reads: boolean }) {
    const { document, reading } = whole;
    const told = reads && !!reading.title && reading.text.startsWith(reading.title + "\n");
    const now = document.versions.find((version) => version.version === document.version);
    return (
        <header class="doc-head">
            <p class="doc-line">
                <b><bdi>{shown(outletOf(document)) || t("doc_outlet_unknown")}</bdi></b>
                <span>{date(document.published)}</span>
                {document.language && <span class="quiet">{tongue(document.language)}</span>}
                {document.versions.length > 1 && <Chip>{t("doc_version_of", { n: document.version, of: document.versions.length })}</Chip>}
                {now && now.superseded !== null && <Chip tone="warn" icon="warning">{t("doc_superseded", { n: now.superseded })}</Chip>}
                {whole.original && <Chip tone="warn" icon="copy">{t("doc_copy")}</Chip>}
            </p>
            <Title words={document.title || outletOf(document) || t("title_document")} lang={document.language} hidden={told} />
        </header>
    );
}

interface OpenProps {
    whole: Whole;
    query: URLSearchParams;
    reload: () => void;
}

function Open({ whole, query, reload }: OpenProps) {
    const { document: doc, claims } = whole;
    const points = useMemo(() => new CodePoints(whole.reading.text), [whole.reading.text]);
    const wide = useMedia("(min-width: 1000px)");
    const widest = useMedia("(min-width: 1560px)");
    const [lit, setLit] = useState<number | null>(null);
    const [docked, setDocked] = useState(false);
    const [draft, setDraft] = useState<Draft | null>(null);
    const side = useRef<HTMLElement>(null);
    const asked = query.get("view") as View | null;
    const view: View = asked === "archive" || (asked === "both" && wide) ? asked : "article";
    const panel = PANELS.find((name) => name === query.get("panel")) ?? "claims";
    const beside = wide && (view !== "both" || widest);
    const other = query.get("with");
    const put = (values: Record<string, string | null>) => {
        const all = { ...Object.fromEntries(query), ...values };
        goTo(documentHref(doc.id, all), { quiet: true });
    };
    const showPanel = (name: string) => put({ panel: name === "claims" ? null : name });
    const toFigure = (i: number) => {
        setLit(i);
        const figure = [...document.querySelectorAll<HTMLElement>(".article-text [data-claims]")].find((one) => one.dataset.claims!.split(" ").includes(String(i)));
        figure?.scrollIntoView({ block: "center", behavior: wantsStill() ? "auto" : "smooth" });
        figure?.focus({ preventScroll: true });
    };
    const pin = (i: number) => {
        setLit(i);
        setDocked(true);
        pinned.current = claims[i]!.id;
        put({ claim: claims[i]!.id, panel: null });
        if (beside) {
            requestAnimationFrame(() => document.querySelector<HTMLElement>(`#${cardId(i)} a, #${cardId(i)} button`)?.focus({ preventScroll: true }));
        }
    };
    // From the text: its card beside is brought into view, without moving the page.
    const fromText = (i: number | null) => {
        setLit(i);
        setDocked(true);
    };
    useEffect(() => {
        const card = lit === null ? null : document.getElementById(cardId(lit));
        const box = side.current;
        if (!card || !box || !beside || box.contains(document.activeElement) || box.matches(":hover")) {
            return;
        }
        const { top, bottom } = card.getBoundingClientRect();
        const frame = box.getBoundingClientRect();
        if (top < frame.top + 50 || bottom > frame.bottom) {
            box.scrollTop += top - frame.top - 60;
        }
    }, [lit, beside]);
    // A link to a claim leads to its figure; where another version made it, to that version.
    const pinned = useRef("");
    const wanted = query.get("claim");
    useEffect(() => {
        if (!wanted || wanted === pinned.current) {
            return;
        }
        const at = claims.findIndex((claim) => claim.id === wanted);
        const older = whole.elsewhere.find((claim) => claim.id === wanted);
        if (at >= 0) {
            pinned.current = wanted;
            setDocked(true);
            requestAnimationFrame(() => toFigure(at));
        } else if (older && !query.get("version")) {
            put({ version: String(older.version) });
        }
    }, [wanted, claims]);
    const order = useMemo(() => inOrder(claims), [claims]);
    const step = (by: number) => () => {
        const at = lit === null ? (by > 0 ? -1 : 0) : order.indexOf(lit);
        const next = order[(at + by + order.length) % order.length];
        next !== undefined && (setDocked(true), toFigure(next));
    };
    useShortcuts([
        { keys: "j", label: "doc_key_next", run: step(1) },
        { keys: "k", label: "doc_key_previous", run: step(-1) },
        { keys: "v", label: "doc_key_view", run: () => put({ view: view === "article" ? "archive" : null }) },
    ]);
    useLayoutEffect(() => {
        const close = (event: KeyboardEvent) => event.key === "Escape" && !event.defaultPrevented && setDocked(false);
        addEventListener("keydown", close);
        return () => removeEventListener("keydown", close);
    }, []);
    const correct = (i: number) => setDraft({ claim: i, span: claims[i]!.count && claims[i]!.count.end > claims[i]!.count.start ? claims[i]!.count : null, fills: null, taken: null });
    // Whoever works by keyboard goes on where the form was opened from.
    const end = (done: boolean) => {
        const opener = draft?.claim === null ? ".doc-incidents button" : `#${cardId(draft?.claim ?? 0)} .claim-actions button:not(:disabled)`;
        setDraft(null);
        if (done) {
            reload();
        }
        requestAnimationFrame(() => document.querySelector<HTMLElement>(opener)?.focus({ preventScroll: true }));
    };
    const shared = { whole, points, lit, onFigure: toFigure, onCorrect: correct };
    const form = draft && <ClaimForm key={`${draft.claim}`} whole={whole} points={points} draft={draft} onDraft={setDraft} onEnd={end} />;
    if (other) {
        return (
            <div class="page document-page">
                <Head whole={whole} reads={false} />
                <p class="doc-back"><a href={documentHref(doc.id, { version: query.get("version") })}><Icon name="back" size={15} /> {t("doc_back")}</a></p>
                <Compare id={doc.id} version={numberOf(query.get("version"))} other={other} otherVersion={numberOf(query.get("with_version"))} />
            </div>
        );
    }
    const dock = lit !== null && docked && !draft && !(beside && panel === "claims") && view !== "archive" && claims[lit];
    return (
        <div class={`page document-page view-${view}`}>
            <Head whole={whole} reads={view !== "archive"} />
            <div class="doc-bar">
                <div class="segmented" role="group" aria-label={t("doc_view")}>
                    {(["article", "archive", ...(wide ? ["both" as const] : [])] as View[]).map((name) => (
                        <button key={name} type="button" aria-pressed={view === name} onClick={() => put({ view: name === "article" ? null : name })}>{t("doc_view_" + name)}</button>
                    ))}
                </div>
                <span class="doc-incidents">
                    {doc.incidents.length === 1 && <a href={incidentHref(doc.incidents[0]!, { document: doc.id })}>{t("doc_to_incident")}</a>}
                    {may("review") && view !== "archive" && <Button small icon="add" onClick={() => setDraft({ claim: null, span: null, fills: null, taken: null })}>{t("doc_add_claim")}</Button>}
                </span>
            </div>
            <div class="doc-columns">
                {view !== "archive" && <Article whole={whole} points={points} lit={lit} onLit={fromText} onClaim={pin} draft={draft} onDraft={setDraft} />}
                {view !== "article" && <Archive id={doc.id} version={doc.version} />}
                <aside class="doc-side" ref={side} aria-label={t("doc_beside")}>
                    {beside && form}
                    {(!form || !beside) && (
                        <Tabs label={t("doc_beside")} current={panel} onTab={showPanel} tabs={PANELS.map((name) => ({
                            key: name,
                            label: <>{t("doc_panel_" + name)}{name !== "facts" && <span class="tab-count">{number(name === "claims" ? claims.length : name === "versions" ? doc.versions.length : whole.copies.length + (whole.original ? 1 : 0))}</span>}</>,
                        }))}>
                            {panel === "claims" && <Claims {...shared} onLit={setLit} />}
                            {panel === "versions" && <Versions whole={whole} />}
                            {panel === "copies" && <Copies whole={whole} />}
                            {panel === "facts" && <Facts whole={whole} />}
                        </Tabs>
                    )}
                </aside>
            </div>
            {!beside && form && <div class="doc-sheet">{form}</div>}
            {dock && (
                <section class="doc-dock" aria-label={t("doc_claim_at_hand")}>
                    <IconButton icon="close" label={t("close")} class="doc-dock-close" onClick={() => setDocked(false)} />
                    <ol><DocumentClaim {...shared} onLit={() => undefined} index={lit} id="claim-docked" /></ol>
                </section>
            )}
        </div>
    );
}
