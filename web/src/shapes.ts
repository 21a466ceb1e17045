/* The shapes of docs/formats.md and of the server's answers that several views know, one for each thing. */
import type { Span } from "./text";

export interface Figure {
    effect: string;
    min: number | null;
    max: number | null;
    approx?: boolean;
    stance?: string;
    class?: string | null;
    group?: string | null;
}

export interface Estimate {
    effect: string;
    class: string;
    group: string | null;
    low: number | null;
    high: number | null;
    best: number | null;
    high_open: boolean;
}

export interface PlaceOf {
    text?: string | null;
    name?: string | null;
    name_ar?: string | null;
    admin1?: string | null;
    admin1_ar?: string | null;
    country?: string | null;
    lat?: number | null;
    lon?: number | null;
    radius_km?: number | null;
}

export interface Step {
    voice: string | null;
    text: string | null;
    how: "told" | "relayed" | "copied";
    document: string | null;
}

/* Of isnad-incident/1: corrected where somebody corrected it. */
export interface Claim extends Figure {
    id: string;
    document: string;
    version: number;
    /* The version that replaced it. */
    superseded: number | null;
    class: string | null;
    group: string | null;
    approx: boolean;
    stance: string;
    scope: string;
    part_of: string | null;
    event: string | null;
    date: string | null;
    place: PlaceOf | null;
    actor: { text: string; hedged: boolean } | null;
    voice: { id: string | null; text: string | null; kind: string } | null;
    via: { text: string }[];
    chain: Step[];
    /* The number of its voice in the incident. */
    independent: number | null;
    evidence: (Span & { text: string }) | null;
    verdict: "accepted" | "corrected" | "rejected" | "added" | null;
    /* What the machine read in the fields that a reviewer put right. */
    as_read: Partial<Claim> | null;
    sensitive: boolean;
    added_by?: { who: string; time: string };
}

/* A report of an incident. */
export interface Paper {
    id: string;
    version: number;
    url: string | null;
    outlet: string | null;
    title: string | null;
    language: string | null;
    published: string | null;
    copy_of: string | null;
}

interface Comment {
    who: string;
    time: string;
    text: string;
    claim?: string | null;
}

interface OfIncident {
    id: string;
    event: string | null;
    date: string | null;
    place: PlaceOf | null;
    voices: { told: number; independent: number };
    estimates: Estimate[];
    grade: string | null;
    status: string;
    assignee: string | null;
    sensitive: boolean;
}

export interface Incident extends OfIncident {
    sites: PlaceOf[];
    actors: { text: string; hedged: boolean }[];
    documents: Paper[];
    claims: Claim[];
    disagreements: { on: string; claims: string[] }[];
    grade_names?: { en?: string; ar?: string } | null;
    /* How many acts there are. */
    history: number;
    comments?: Comment[];
}

/* Where the words of a search were found. */
export interface Snippet {
    text: string;
    start: number;
    marks: [number, number][];
    title?: string | null;
}

/* An incident as lists have it. */
export interface Summary extends OfIncident {
    documents: number;
    disagreements: number;
    title: string | null;
    snippet?: Snippet | null;
}

export interface IncidentsAnswer {
    incidents: Summary[];
    total: number;
    capped: boolean;
    next?: string | null;
}

/* What a voice told of one incident, by its claims. */
export interface Said extends Figure {
    time: string | null;
    /* Children among the killed, say: a part stands or falls with its whole. */
    part_of: string | null;
    claim: string;
    claims: string[];
    document: string;
    /* False: it said something else later. */
    stands: boolean;
}
