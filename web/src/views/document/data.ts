/* A document as the ledger has it: its reading, and what its incidents and reviewers say of each of its claims. */
import { get } from "../../api";
import { useResource, type Resource } from "../../resource";
import type { ReadClaim, Reading, Words } from "../../reading/shape";
import type { Claim, Incident, Paper } from "../../shapes";
import type { Span } from "../../text";

export interface Version {
    version: number;
    sha256: string;
    published: string | null;
    updated?: string | null;
    /* The version that counts instead; null: this one does. */
    superseded: number | null;
    /* When it was captured. */
    time: string | null;
}

export interface Capture {
    id: string;
    sha256: string;
    url: string | null;
    time: string | null;
    media_type: string | null;
    bytes: number;
}

interface Stored {
    id: string;
    version: number;
    versions: Version[];
    url: string | null;
    outlet: string | null;
    title: string | null;
    language: string | null;
    published: string | null;
    sha256: string;
    captures: Capture[];
    incidents: string[];
    copy_of: string | null;
    claims: { id: string; incident: string | null; independent: number | null; start?: number | null; end?: number | null }[];
    reading: Reading & { engine: Record<string, string | null>; published_from: string | null; warnings?: string[]; authors?: string[] };
}

/* A claim of the document: as it counts now, and what the ledger says of it (of what stands in no incident, nothing). */
export interface PlacedClaim extends ReadClaim {
    id: string;
    incident: Incident | null;
    independent: number | null;
    counted: Claim | null;
}

export interface Whole {
    document: Stored;
    /* The reading with its claims as they count now, and those that reviewers added. */
    reading: Reading;
    claims: PlacedClaim[];
    incidents: ReadonlyMap<string, Incident>;
    /* Claims of other versions of this document. */
    elsewhere: Claim[];
    copies: Paper[];
    original: Paper | null;
}

const MOST_INCIDENTS = 24;
const path = (id: string): string => "documents/" + encodeURIComponent(id);

const NOTHING: ReadClaim = {
    effect: "casualties", min: null, max: null, approx: false, stance: "asserts", scope: "incident", part_of: null, event: null, date: null,
    count: null, who: null, voice: null, via: [], actor: null, place: null, time: null, evidence: null,
};

/* Words that a reviewer put in the place of what was read stand nowhere in the text. */
const placed = <T extends { text?: string | null }>(now: T | null, read: Words | null | undefined): (T & Words) | null =>
    now && { ...now, text: now.text ?? "", start: now.text === read?.text ? (read?.start ?? 0) : 0, end: now.text === read?.text ? (read?.end ?? 0) : 0 };

function counting(read: ReadClaim, now: Claim): ReadClaim {
    const { effect, min, max, approx, stance, scope, event, date } = now;
    return {
        ...read, effect, min, max, approx, stance, scope, event, date,
        who: { text: "", start: 0, end: 0, ...read.who, class: now.class, group: now.group },
        voice: now.voice?.text ? { ...placed(now.voice, read.voice)!, kind: now.voice.kind } : null,
        via: now.via.map((relay, i) => placed(relay, read.via[i])!),
        actor: placed(now.actor, read.actor),
        place: placed(now.place, read.place),
        evidence: now.evidence ?? read.evidence,
    };
}

function claimOf(document: Stored, i: number, incidents: ReadonlyMap<string, Incident>, counted: ReadonlyMap<string, Claim>): PlacedClaim {
    const { id, incident, independent, start, end } = document.claims[i]!;
    const found = counted.get(id) ?? null;
    const read = document.reading.claims[i] ?? {
        ...NOTHING, count: typeof start === "number" && typeof end === "number" ? { text: "", start, end } : null,
    };
    return { ...(found ? counting(read, found) : read), id, independent, incident: incidents.get(incident ?? "") ?? null, counted: found };
}

function assembled(document: Stored, found: readonly Incident[]): Whole {
    const incidents = new Map(found.map((incident) => [incident.id, incident]));
    const all = found.flatMap((incident) => incident.claims).filter((claim) => claim.document === document.id);
    const counted = new Map(all.filter((claim) => claim.version === document.version).map((claim) => [claim.id, claim]));
    const claims = document.claims.map((_, i) => claimOf(document, i, incidents, counted));
    const papers = new Map(found.flatMap((incident) => incident.documents).map((paper) => [paper.id, paper]));
    return {
        document, claims, incidents,
        reading: { ...document.reading, claims },
        elsewhere: all.filter((claim) => claim.version !== document.version),
        copies: [...papers.values()].filter((paper) => paper.copy_of === document.id),
        original: document.copy_of ? (papers.get(document.copy_of) ?? { id: document.copy_of, version: 1, outlet: null, title: null, url: document.copy_of, language: null, published: null, copy_of: null }) : null,
    };
}

async function load(id: string, version: string | null, signal: AbortSignal): Promise<Whole> {
    const document = await get<Stored>(path(id), { version }, signal);
    const named = new Set([...document.incidents, ...document.claims.map((claim) => claim.incident)].filter((one) => one !== null));
    const found = await Promise.all([...named].slice(0, MOST_INCIDENTS).map((one) => get<Incident>("incidents/" + one, {}, signal).catch((error: unknown) => {
        signal.throwIfAborted();
        void error; // merged or hidden a moment ago: the claims are shown without it
        return null;
    })));
    return assembled(document, found.filter((one) => one !== null));
}

export const useDocument = (id: string, version: string | null): Resource<Whole> =>
    useResource(`${path(id)}?${version ?? ""}`, (signal) => load(id, version, signal));

export interface Side {
    id: string;
    version: number;
    outlet: string | null;
    url: string | null;
    title: string | null;
    published: string | null;
}

export interface Sentence {
    kind: "same" | "changed" | "added" | "dropped";
    moved: boolean;
    before: (Span & { text: string }) | null;
    after: (Span & { text: string }) | null;
}

interface Comparison {
    before: Side;
    after: Side;
    likeness: number;
    /* Only the beginnings of the texts were compared. */
    cut: boolean;
    same: number;
    changed: number;
    added: number;
    dropped: number;
    moved: number;
    sentences: Sentence[];
}

export const useComparison = (id: string, version: number | null, other: string, otherVersion: number | null): Resource<Comparison> =>
    useResource(JSON.stringify([id, version, other, otherVersion]), (signal) => get<Comparison>(path(id) + "/compare", { with: other, version, with_version: otherVersion }, signal));

export const archivePath = (id: string): string => path(id) + "/archive";
export const capturePath = (id: string): string => path(id) + "/capture";
