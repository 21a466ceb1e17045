/* What waits for reviewers, as the server tells it. */
import type { Summary } from "../../shapes";
export const REASONS = ["proposal", "disagreement", "lost", "changed", "first_report", "assigned"] as const;
export type Reason = (typeof REASONS)[number];

/* An act whose words are not found any more. */
interface LostAct {
    act: number;
    kind: string;
    who: string;
    time: string;
    why: string | null;
    reason: string;
    document: string | null;
    quote: string | null;
    before: string | null;
    after: string | null;
}

export interface QueueItem {
    id: string;
    reason: Reason;
    incident: Summary | null;
    since: string | null;
    weight: number;
    claims: string[];
    assignee: string | null;
    act?: LostAct | null;
}

export interface Queue {
    items: QueueItem[];
    next: string | null;
    counts: Partial<Record<Reason, number>>;
    capped?: boolean;
}

export interface Proposal {
    id: number;
    state: "open" | "confirmed" | "refused";
    kind: string;
    ids: string[];
    values: string[];
    why: string | null;
    who: string;
    time: string;
    /* Made by who asks: another has to confirm it. */
    own: boolean;
    /* What it speaks of reads otherwise since. */
    changed: boolean;
}

export const itemKey = (item: QueueItem): string => `${item.reason} ${item.id} ${item.act?.act ?? ""}`;
