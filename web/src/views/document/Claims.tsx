/* The claims of a document beside its text: what each says now, on whose word, of which incident, and what reviewers said
 * of it; and, for reviewers, what they may say. */
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { act, lastDoneTo, tryAct, undo, undoWords } from "../../acts";
import { documentHref, incidentHref } from "../../base";
import { placeName, told } from "../../figures";
import { date, t } from "../../i18n";
import { ClaimCard } from "../../reading/ClaimCard";
import { inOrder } from "../../reading/shape";
import { incidentName } from "../../reading/short";
import { may } from "../../session";
import type { Claim } from "../../shapes";
import { shown, type CodePoints } from "../../text";
import { Button, Chip, errorWords, Field, TextArea } from "../../ui";
import { className, effectName, eventName, groupName, scopeName, verdictName, verdictTone, voiceKind } from "../../vocabulary";
import type { PlacedClaim, Whole } from "./data";

export const cardId = (i: number): string => `claim-${i}`;
export const figureId = (i: number): string => `figure-${i}`;

/* What the machine read, where somebody put something else in its place. */
function asRead(counted: Claim): string {
    const was = counted.as_read!;
    const figure = { ...counted, ...was };
    const changed = (...keys: (keyof Claim)[]) => keys.some((key) => key in was);
    return [
        changed("effect", "min", "max", "approx", "stance", "class", "group") ? `${effectName(figure.effect)} ${told(figure)}` : "",
        changed("class") ? className(figure.class) : "", changed("group") ? groupName(figure.group) : "",
        changed("voice") ? shown(was.voice?.text ?? voiceKind(was.voice?.kind)) : "",
        changed("place") ? placeName(was.place) : "", changed("date") ? date(was.date) : "", changed("scope") ? scopeName(was.scope) : "",
        changed("actor") ? shown(was.actor?.text ?? "–") : "", changed("event") ? eventName(was.event) : "",
    ].filter(Boolean).join(" · ");
}

function Standing({ claim }: { claim: PlacedClaim }) {
    const { incident, counted } = claim;
    return (
        <div class="claim-standing small-words">
            {incident
                ? <a href={incidentHref(incident.id)}><bdi>{incidentName(incident)}</bdi></a>
                : <span class="quiet">{t("doc_no_incident")}</span>}
            {incident && claim.independent !== null && <span class="quiet">{t("doc_voice_of", { n: claim.independent, of: incident.voices.independent })}</span>}
            {counted?.as_read && Object.keys(counted.as_read).length > 0 && <span class="claim-as-read">{t("doc_as_read", { words: asRead(counted) })}</span>}
            {counted?.added_by && <span class="quiet">{t("doc_added_by", { who: counted.added_by.who, when: date(counted.added_by.time) })}</span>}
            {incident?.comments?.filter((comment) => comment.claim === claim.id).map((comment, i) => (
                <blockquote key={i} class="claim-comment"><bdi>{shown(comment.text)}</bdi> <span class="quiet">– <bdi>{shown(comment.who)}</bdi>, {date(comment.time)}</span></blockquote>
            ))}
        </div>
    );
}

type Asking = "reject" | "comment" | null;

/* Why it is rejected, or what is to be said of it. */
function Words({ claim, kind, onEnd }: { claim: PlacedClaim; kind: "reject" | "comment"; onEnd: () => void }) {
    const [text, setText] = useState("");
    const [error, setError] = useState("");
    const [busy, setBusy] = useState(false);
    const form = useRef<HTMLFormElement>(null);
    useLayoutEffect(() => form.current?.querySelector("textarea")?.focus(), []);
    const send = async (event: Event) => {
        event.preventDefault();
        setBusy(true);
        try {
            await act(kind, [claim.id], kind === "comment" ? [text.trim()] : [], kind === "reject" ? text : "");
            onEnd();
        } catch (refused) {
            setError(errorWords(refused));
            setBusy(false);
        }
    };
    return (
        <form ref={form} class="claim-words" onSubmit={(event) => void send(event)} onKeyDown={(event) => event.key === "Escape" && (event.stopPropagation(), onEnd())}>
            <Field label={t(kind === "reject" ? "act_why" : "doc_comment")} error={error || undefined}>
                <TextArea value={text} rows={2} onInput={(event) => setText(event.currentTarget.value)} />
            </Field>
            <div class="row">
                <Button type="submit" small kind={kind === "reject" ? "danger" : "strong"} busy={busy} disabled={kind === "comment" && !text.trim()}>{t("doc_act_" + kind)}</Button>
                <Button small kind="quiet" onClick={onEnd}>{t("cancel")}</Button>
            </div>
        </form>
    );
}

function Actions({ claim, onCorrect }: { claim: PlacedClaim; onCorrect: () => void }) {
    const [asking, setAsking] = useState<Asking>(null);
    const verdict = claim.counted?.verdict ?? null;
    const last = lastDoneTo(claim.id);
    const buttons = useRef<HTMLDivElement>(null);
    // The focus stays with the claim.
    const end = () => {
        setAsking(null);
        requestAnimationFrame(() => buttons.current?.querySelector<HTMLElement>("button:not(:disabled)")?.focus({ preventScroll: true }));
    };
    if (asking) {
        return <Words claim={claim} kind={asking} onEnd={end} />;
    }
    return (
        <div class="claim-actions row" ref={buttons}>
            {verdict !== "added" && <Button small kind="quiet" icon="check" disabled={verdict === "accepted"} onClick={() => void tryAct("accept", [claim.id])}>{t("doc_act_accept")}</Button>}
            <Button small kind="quiet" icon="edit" onClick={onCorrect}>{t("doc_act_correct")}</Button>
            <Button small kind="quiet" icon="close" disabled={verdict === "rejected"} onClick={() => setAsking("reject")}>{t("doc_act_reject")}</Button>
            <Button small kind="quiet" icon="voices" onClick={() => setAsking("comment")}>{t("doc_act_comment")}</Button>
            {last && <Button small kind="quiet" icon="undo" onClick={() => void undo(last.acts)}>{undoWords(last)}</Button>}
        </div>
    );
}

interface ClaimsProps {
    whole: Whole;
    points: CodePoints;
    lit: number | null;
    onLit: (claim: number | null) => void;
    onFigure: (claim: number) => void;
    onCorrect: (claim: number) => void;
    /* Another id than the list's: what is shown of a claim at the foot of the page. */
    prefix?: string;
}

export function DocumentClaim({ whole, points, index, lit, onLit, onFigure, onCorrect, id }: ClaimsProps & { index: number; id: string }) {
    const claim = whole.claims[index]!;
    const verdict = claim.counted?.verdict ?? null;
    const head = (
        <div class={claim.count ? "claim-top has-link" : "claim-top"}>
            {verdict && <Chip tone={verdictTone(verdict)}>{verdictName(verdict)}</Chip>}
            {claim.counted?.sensitive && <Chip tone="warn" icon="lock">{t("doc_sensitive")}</Chip>}
            {claim.count && <a class="claim-to-text small-words" href={"#" + figureId(index)} onClick={(event) => (event.preventDefault(), event.stopPropagation(), onFigure(index))}>{t("doc_in_text")}</a>}
        </div>
    );
    return (
        <ClaimCard id={id} claim={claim} index={index} reading={whole.reading} points={points} lit={lit === index} onLit={onLit} head={head} class={verdict === "rejected" && "is-rejected"}>
            <Standing claim={claim} />
            {may("review") && <Actions key={claim.id} claim={claim} onCorrect={() => onCorrect(index)} />}
        </ClaimCard>
    );
}

export function Claims(props: ClaimsProps) {
    const { whole } = props;
    if (!whole.claims.length) {
        return <p class="quiet">{t("doc_no_claims")}</p>;
    }
    return (
        <ol class="claims-list" aria-label={t("doc_claims")}>
            {inOrder(whole.claims).map((i) => <DocumentClaim key={whole.claims[i]!.id} {...props} index={i} id={cardId(i)} />)}
        </ol>
    );
}

/* What other versions of the document say. */
export function Elsewhere({ claims }: { claims: readonly Claim[] }) {
    if (!claims.length) {
        return null;
    }
    return (
        <section class="doc-elsewhere">
            <h2>{t("doc_elsewhere")}</h2>
            <ul>
                {claims.map((claim) => (
                    <li key={claim.id + claim.version} class={`effect-${claim.effect}`}>
                        <a href={documentHref(claim.document, { version: claim.version, claim: claim.id })}><span class="effect-name">{effectName(claim.effect)}</span> <bdi>{told(claim)}</bdi></a>{" "}
                        <span class="quiet small-words">{t("doc_version", { n: claim.version })} · <bdi>{shown(claim.voice?.text ?? voiceKind(claim.voice?.kind))}</bdi></span>
                    </li>
                ))}
            </ul>
        </section>
    );
}
