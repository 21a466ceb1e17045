/* One claim as it was read: what, of whom, on whose word, and the sentence it stands in. */
import type { ComponentChildren } from "preact";
import { people, placeName, told } from "../figures";
import { date, listed, t } from "../i18n";
import { CodePoints, directionOf, segments, shown } from "../text";
import { Chip } from "../ui";
import { effectName, scopeName, stanceName, voiceKind } from "../vocabulary";
import type { ClaimPlace, ReadClaim, Reading } from "./shape";

/* The sentence that a claim rests on, with its figure and its voice marked. */
export function Evidence({ claim, reading, points }: { claim: ReadClaim; reading: Reading; points: CodePoints }) {
    if (!claim.evidence) {
        return null;
    }
    const marks = [
        ...(claim.count ? [{ ...claim.count, kind: "count" }] : []),
        ...(claim.voice ? [{ ...claim.voice, kind: "voice" }] : []),
    ];
    return (
        <blockquote class="evidence" lang={reading.language ?? undefined} dir={directionOf(reading.language)}>
            {segments(points, marks, claim.evidence.start, claim.evidence.end).map((part) => {
                const words = shown(part.text);
                const kind = part.marks.some((mark) => mark.kind === "count") ? "count" : part.marks.length ? "voice" : "";
                return kind === "count" ? <mark key={part.start}>{words}</mark> : kind ? <span key={part.start} class="evidence-voice">{words}</span> : words;
            })}
        </blockquote>
    );
}

/* A reading names places in Latin script; an Arabic text says them in Arabic. */
const arabic = /\p{Script=Arabic}/u;
const inArabic = (place: ClaimPlace): ClaimPlace => (place.name_ar || !place.text || !arabic.test(place.text) ? place : { ...place, name_ar: place.text });

function ClaimHead({ claim, claims }: { claim: ReadClaim; claims: readonly ReadClaim[] }) {
    const figure = { ...claim, class: claim.who?.class ?? null, group: claim.who?.group ?? null };
    const who = people(figure);
    const whole = claim.part_of === null ? null : claims[claim.part_of];
    return (
        <>
            <p class="claim-figure">
                <span class="effect-name">{effectName(claim.effect)}</span>{" "}
                <bdi class={claim.stance === "denies" ? "figure denied" : "figure"}>{told(figure)}</bdi>
                {who && <> <span class="quiet">{who}</span></>}
                {claim.scope !== "incident" && <Chip tone="warn">{scopeName(claim.scope)}</Chip>}
            </p>
            <p class="claim-voice">
                <span class="quiet">{stanceName(claim.stance)}</span>{" "}
                {claim.voice ? <><bdi>{shown(claim.voice.text)}</bdi> <span class="quiet">({voiceKind(claim.voice.kind)})</span></> : voiceKind("outlet")}
                {claim.via?.length > 0 && <span class="quiet"> · {t("claim_via")} {listed(claim.via.map((relay) => <bdi>{shown(relay.text)}</bdi>))}</span>}
            </p>
            {whole && <p class="quiet small-words">{t("claim_part_of", { figure: told({ ...whole, class: whole.who?.class ?? null, group: whole.who?.group ?? null }) })}</p>}
        </>
    );
}

interface ClaimCardProps {
    claim: ReadClaim;
    index: number;
    reading: Reading;
    points: CodePoints;
    lit: boolean;
    onLit: (claim: number | null) => void;
    /* Beside the figure: where it leads, what was said of it. */
    head?: ComponentChildren;
    children?: ComponentChildren;
    /* The id of the element; claims of one page have one each. */
    id?: string;
    class?: string | false | undefined;
}

export function ClaimCard({ claim, index, reading, points, lit, onLit, head, children, id = `claim-${index}`, class: own }: ClaimCardProps) {
    return (
        <li id={id} class={["claim", `effect-${claim.effect}`, lit && "is-lit", own].filter(Boolean).join(" ")} onPointerEnter={() => onLit(index)} onFocusIn={() => onLit(index)}>
            {head}
            <ClaimHead claim={claim} claims={reading.claims} />
            <Evidence claim={claim} reading={reading} points={points} />
            <p class="claim-where quiet small-words">
                <span>{date(claim.date)}</span>
                {claim.place && <> · <bdi>{placeName(inArabic(claim.place))}</bdi></>}
                {claim.actor && <> · <bdi>{shown(claim.actor.text)}</bdi></>}
            </p>
            {children}
        </li>
    );
}
