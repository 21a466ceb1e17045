/* The ledger's vocabularies (docs/formats.md), each in the order in which it is offered, and what their words are called. */
import { named } from "./i18n";
import type { Figure } from "./shapes";

export const EFFECTS = ["killed", "injured", "casualties", "missing", "detained", "displaced"] as const;
/* Whom a figure counts: a class, or a group of either. */
export const CLASSES = ["unknown", "civilian", "combatant", "mixed"] as const;
export const GROUPS = ["child", "woman", "man", "elderly", "journalist", "medic", "rescuer", "named"] as const;
/* Kinds that a voice with a name may be of; a claim may rest on a source without one, or on the outlet's own word. */
export const NAMED_VOICE_KINDS = [
    "government", "military", "armed_group", "police", "security", "medical", "rescue", "monitor", "intergovernmental", "local", "witness", "media", "expert",
] as const;
export const DESCRIBED_VOICE_KINDS = [...NAMED_VOICE_KINDS, "anonymous"] as const;
export const VOICE_KINDS = [...DESCRIBED_VOICE_KINDS, "outlet"] as const;
export const STANCES = ["asserts", "hedges", "denies"] as const;
/* What a figure is of; the other two count in none. */
export const SCOPES = ["incident", "cumulative", "background"] as const;
/* What accounts part on. */
export const DISAGREEMENTS = ["count", "denial", "date", "place", "actor"] as const;
export const ACT_KINDS = ["accept", "correct", "reject", "add", "name", "merge", "split", "attach", "grade", "assign", "comment", "sensitive", "settle", "undo"] as const;

type Word = string | null | undefined;
export const effectName = (effect: Word): string => named("effect", effect);
export const className = (of: Word): string => named("class", of ?? "unknown");
export const groupName = (group: Word): string => named("group", group);
export const voiceKind = (kind: Word): string => named("voice", kind ?? "outlet");
export const stanceName = (stance: Word): string => named("stance", stance);
export const scopeName = (scope: Word): string => named("scope", scope);
export const eventName = (event: Word): string => named("event", event ?? "none");
export const relayName = (how: Word): string => named("how", how);
export const verdictName = (verdict: Word): string => named("verdict", verdict);
export const statusName = (status: Word): string => named("status", status);
export const disagreementName = (on: Word): string => named("disagree", on);
export const actName = (kind: Word): string => named("act", kind);

/* The gravest first. */
export const byEffect = (a: { effect: string }, b: { effect: string }): number => rankOf(a.effect) - rankOf(b.effect);
export const rankOf = (effect: string): number => (EFFECTS as readonly string[]).indexOf(effect);

const TONES: Record<string, string> = { accepted: "good", corrected: "accent", rejected: "danger", added: "accent" };
export const verdictTone = (verdict: Word): string | undefined => TONES[verdict ?? ""];

export const optionsOf = (values: readonly string[], name: (value: string) => string): { value: string; label: string }[] => values.map((value) => ({ value, label: name(value) }));

/* ---- a figure as it is typed: "5", "5-7", "5+" */

export const typedOf = ({ min, max }: Pick<Figure, "min" | "max">): string =>
    min === null && max === null ? "" : max === null ? `${min}+` : min === null || min === max ? `${max}` : `${min}-${max}`;

/* Decimal digits stand in runs of ten from zero on; how far below it zero stands is the digit. */
function digitOf(code: number): number {
    let n = 0;
    while (n < 9 && /\p{Nd}/u.test(String.fromCodePoint(code - n - 1))) {
        n++;
    }
    return n;
}
const western = (text: string): string => text.replace(/\p{Nd}/gu, (sign) => String(digitOf(sign.codePointAt(0)!)));

/* What was typed as the server reads it: in whichever digits, with whichever dash. */
export const readTyped = (text: string): string => western(text).replace(/\s*[–—-]\s*/g, "-").trim();

/* The first number that words hold in digits, whichever they are written in, with or without separators of thousands. */
export function numberIn(words: string): number | null {
    const found = /\p{Nd}+(?:[.,٬\u00a0\u202f]\p{Nd}{3}(?!\p{Nd}))*/u.exec(words)?.[0];
    const digits = western(found ?? "").replace(/\D/g, "");
    return digits && digits.length < 10 ? Number(digits) : null;
}
