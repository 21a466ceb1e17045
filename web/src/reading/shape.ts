/* A reading (docs/formats.md, isnad-reading/1), as far as it is shown. Offsets are code points of its text. */
import type { Span } from "../text";

export interface Words extends Span {
    text: string;
}

export interface ClaimPlace extends Words {
    name?: string | null;
    name_ar?: string | null;
    country?: string | null;
    admin1?: string | null;
}

export interface ReadClaim {
    effect: string;
    min: number | null;
    max: number | null;
    approx: boolean;
    stance: string;
    scope: string;
    part_of: number | null;
    event: string | null;
    date: string | null;
    count: Words | null;
    who: (Words & { class: string | null; group: string | null }) | null;
    voice: (Words & { kind: string }) | null;
    via: Words[];
    actor: (Words & { hedged?: boolean }) | null;
    place: ClaimPlace | null;
    time: (Words & { value?: string | null }) | null;
    evidence: Span | null;
}

export interface Reading {
    id: string;
    url: string | null;
    outlet: string | null;
    language: string | null;
    published: string | null;
    published_from?: string | null;
    sha256: string;
    truncated: boolean;
    title: string | null;
    text: string;
    claims: ReadClaim[];
}

export type MarkKind = "evidence" | "count" | "who" | "voice" | "relay" | "actor" | "place" | "time" | "chosen";
/* Those that a reader switches on and off, in the order of a legend. */
export const KINDS = ["count", "who", "voice", "relay", "place", "time", "actor"] as const;

export interface Mark extends Span {
    kind: MarkKind;
    claim: number;
}

const mark = (found: Span | null | undefined, kind: MarkKind, claim: number): Mark[] =>
    found && found.end > found.start ? [{ start: found.start, end: found.end, kind, claim }] : [];

/* Everything that a claim rests on, as marks in the text. */
export function marksOf(claims: readonly ReadClaim[]): Mark[] {
    return claims.flatMap((claim, i) => [
        ...mark(claim.evidence, "evidence", i), ...mark(claim.count, "count", i), ...mark(claim.who, "who", i), ...mark(claim.voice, "voice", i),
        ...(claim.via ?? []).flatMap((relay) => mark(relay, "relay", i)),
        ...mark(claim.actor, "actor", i), ...mark(claim.place, "place", i), ...mark(claim.time, "time", i),
    ]);
}

/* Claims in the order in which their figures stand in the text. */
export const inOrder = (claims: readonly ReadClaim[]): number[] =>
    claims.map((_, i) => i).sort((a, b) => (claims[a]!.count?.start ?? claims[a]!.evidence?.start ?? 0) - (claims[b]!.count?.start ?? claims[b]!.evidence?.start ?? 0));
