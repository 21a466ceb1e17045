/* One thing that waits: why it waits, what the incident comes to, and its claims one below the other, each accepted,
 * rejected or corrected by a key. */
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { tryAct } from "../../acts";
import { get } from "../../api";
import { documentHref } from "../../base";
import { outletOf, people, toldBy } from "../../figures";
import { ago, date, listedText, named, t } from "../../i18n";
import { Estimates, IncidentLink, ToldFigure } from "../../reading/short";
import { touches, useEvents, useResource } from "../../resource";
import { may } from "../../session";
import type { Claim, Incident, Paper } from "../../shapes";
import { shown } from "../../text";
import { Button, Chip, ErrorBox, Loading, useShortcuts } from "../../ui";
import { relayName, scopeName, stanceName, verdictName, verdictTone, voiceKind } from "../../vocabulary";
import { useKept, type Kept } from "../incident/parts";
import type { Whole } from "../incident/story";
import { Evidence } from "../incident/Voices";
import { IncidentActions, Watching } from "./actions";
import { CommentDialog, CorrectDialog } from "./dialogs";
import { Lost } from "./Lost";
import type { QueueItem } from "./shapes";

const QUIET_MS = 600;
/* Of so many reports it is asked where in its sentence a figure stands. */
const MOST_ASKED = 12;

type Around = Pick<Whole, "incident" | "papers">;

interface ClaimRowProps {
    whole: Around;
    marks: Kept["marks"];
    claim: Claim;
    paper: Paper | undefined;
    isCurrent: boolean;
    isReason: boolean;
    onCurrent: () => void;
    say: (kind: string) => void;
    correct: () => void;
    comment: () => void;
}

function ClaimRow({ whole, marks, claim, paper, isCurrent, isReason, onCurrent, say, correct, comment }: ClaimRowProps) {
    const row = useRef<HTMLLIElement>(null);
    useEffect(() => {
        if (isCurrent) {
            row.current?.scrollIntoView({ block: "nearest" });
        }
    }, [isCurrent]);
    const who = people(claim);
    const relays = claim.chain.filter((step) => step.how !== "told");
    return (
        <li ref={row} class={["claim", "case-claim", `effect-${claim.effect}`, isCurrent && "is-lit", claim.verdict === "rejected" && "is-rejected"].filter(Boolean).join(" ")} aria-current={isCurrent || undefined} onFocusIn={onCurrent} onPointerDown={onCurrent}>
            <p class="claim-figure">
                <ToldFigure figure={claim} />
                {who && <span class="quiet">{who}</span>}
                {claim.scope !== "incident" && <Chip tone="warn">{scopeName(claim.scope)}</Chip>}
                {isReason && <Chip tone="disputed">{t("review_reason_here")}</Chip>}
                {claim.verdict && <Chip tone={verdictTone(claim.verdict)}>{verdictName(claim.verdict)}</Chip>}
            </p>
            <p><span class="quiet">{stanceName(claim.stance)}</span> {claim.voice?.text ? <><bdi>{shown(claim.voice.text)}</bdi> <span class="quiet">({voiceKind(claim.voice.kind)})</span></> : <span>{voiceKind("outlet")}</span>}
                {relays.length > 0 && <span class="quiet small-words"> · {listedText(relays.map((step) => `${relayName(step.how)} ${shown(step.text ?? "")}`))}</span>}</p>
            <Evidence whole={whole} claim={claim} marks={marks} />
            <div class="case-foot">
                <a href={documentHref(claim.document, { version: claim.version > 1 ? claim.version : null, claim: claim.id })}><bdi>{shown(outletOf(paper)) || t("title_document")}</bdi></a>
                <span class="quiet">{paper?.published ? date(paper.published) : t("unknown_date")}</span>
                {may("review") && (
                    <span class="case-verbs">
                        <Button small icon="check" onClick={() => say("accept")} aria-keyshortcuts="a">{t("review_accept")}</Button>
                        <Button small icon="edit" onClick={correct} aria-keyshortcuts="c">{t("review_correct")}</Button>
                        <Button small icon="close" kind="danger" onClick={() => say("reject")} aria-keyshortcuts="x">{t("review_reject")}</Button>
                        <Button small kind="quiet" onClick={comment}>{t("review_comment")}</Button>
                    </span>
                )}
            </div>
        </li>
    );
}

/* What stands in no figure (totals, background, older versions) comes last; what the case is about first. */
function ordered(claims: readonly Claim[], reasons: ReadonlySet<string>): Claim[] {
    const rank = (claim: Claim): number => (reasons.has(claim.id) ? 0 : claim.scope === "incident" ? 1 : 2);
    return claims.filter((claim) => claim.superseded === null).map((claim, i) => ({ claim, i })).sort((a, b) => rank(a.claim) - rank(b.claim) || a.i - b.i).map(({ claim }) => claim);
}

export function Case({ item, onDone }: { item: QueueItem; onDone: () => void }) {
    const id = item.incident?.id ?? null;
    const { data, error, reload } = useResource(id && `incidents/${id}`, (signal) => get<Incident>("incidents/" + encodeURIComponent(id!), {}, signal));
    const whole = useMemo<Around | null>(() => data && { incident: data, papers: new Map(data.documents.map((paper) => [paper.id, paper])) }, [data]);
    const { marks } = useKept(whole, MOST_ASKED);
    const [current, setCurrent] = useState(0);
    const [open, setOpen] = useState<"correct" | "comment" | null>(null);
    useEffect(() => setCurrent(0), [id, item.reason]);
    const done = () => {
        reload();
        onDone();
    };
    useEvents(["act", "added"], reload, QUIET_MS, (_, told) => touches(told, id ? [id] : []));
    const claims = data && data.id === id ? ordered(data.claims, new Set(item.claims)) : [];
    const claim = claims[Math.min(current, claims.length - 1)] ?? null;
    const move = (step: number) => setCurrent((at) => Math.max(0, Math.min(claims.length - 1, at + step)));
    const sayOf = (one: Claim) => async (kind: string): Promise<boolean> => {
        const said = (await tryAct(kind, [one.id])) !== null;
        if (said) {
            done();
        }
        return said;
    };
    // What was said moves on to the next one, so that a case is worked off by one hand.
    const say = (kind: string) => claim && void sayOf(claim)(kind).then((said) => said && move(1));
    const reviews = may("review") && claim;
    useShortcuts([
        { keys: "arrowdown", label: "review_key_next_claim", group: "review_keys", run: () => move(1) },
        { keys: "arrowup", label: "review_key_claim_before", group: "review_keys", run: () => move(-1) },
        ...(reviews ? [
            { keys: "a", label: "review_key_accept", group: "review_keys", run: () => say("accept") },
            { keys: "x", label: "review_key_reject", group: "review_keys", run: () => say("reject") },
            { keys: "c", label: "review_key_correct", group: "review_keys", run: () => setOpen("correct") },
        ] : []),
    ]);
    if (item.reason === "lost" && item.act) {
        return <Lost item={item} onDone={onDone} />;
    }
    if (!data || !whole || data.id !== id) {
        return error ? <ErrorBox error={error} again={reload} /> : <Loading />;
    }
    return (
        <article class="case" aria-label={t("review_case")}>
            <header class="case-head">
                <p class="row"><Chip tone="disputed">{named("reason", item.reason)}</Chip>{item.since && <span class="quiet">{t("review_since", { ago: ago(item.since) })}</span>}<Watching at={`incidents/${data.id}`} /></p>
                <h2><IncidentLink incident={data} /></h2>
                <p class="case-figures"><Estimates of={data.estimates} />
                    <span class="quiet">{toldBy(data.voices)}</span></p>
                {item.incident?.title && <p class="quiet"><bdi>{shown(item.incident.title)}</bdi></p>}
                <IncidentActions incident={data} onDone={done} />
            </header>
            <ol class="claims-list" aria-label={t("review_claims")}>
                {claims.map((one, i) => (
                    <ClaimRow key={one.id} whole={whole} marks={marks} claim={one} paper={data.documents.find((paper) => paper.id === one.document)} isCurrent={one === claim} isReason={item.claims.includes(one.id) && item.claims.length < claims.length}
                        onCurrent={() => setCurrent(i)} say={(kind) => void sayOf(one)(kind)} correct={() => (setCurrent(i), setOpen("correct"))} comment={() => (setCurrent(i), setOpen("comment"))} />
                ))}
            </ol>
            {open === "correct" && claim && <CorrectDialog claim={claim} onClose={() => setOpen(null)} onDone={done} />}
            {open === "comment" && claim && <CommentDialog id={claim.id} onClose={() => setOpen(null)} onDone={done} />}
        </article>
    );
}
