/* What the server tells of voices across incidents. */
import { t } from "../../i18n";
import { language } from "../../settings";
import type { Said, Summary } from "../../shapes";
import { shown } from "../../text";

export type Stand = "below" | "within" | "above" | "only";
export const STANDS: readonly Stand[] = ["below", "within", "above", "only"];

export interface VoiceRow {
    key: string;
    /* In Latin script, in Arabic: null where nobody said it so. */
    name: string | null;
    name_ar: string | null;
    /* As it is told most often. */
    told: string | null;
    kind: string;
    /* Who heard it, where nothing describes it. */
    outlet: string | null;
    described: boolean;
    /* By a reviewer. */
    named: boolean;
    claims: number;
    incidents: number;
    /* Incidents that it told of first; that no other independent voice tells of. */
    first: number;
    alone: number;
    /* How its last figures stand to what the other voices come to. */
    against: Record<Stand, number>;
    languages: string[];
    last: string | null;
}

export interface VoiceIncident {
    incident: Summary;
    first: boolean;
    alone: boolean;
    against: Stand | null;
    independent: number;
    said: Said[];
}

export interface VoiceProfile extends Omit<VoiceRow, "incidents"> {
    total: number;
    names: { name: string; claims: number }[];
    outlets: { name: string | null; claims: number }[];
    incidents: VoiceIncident[];
    next: string | null;
}

/* What a voice goes by in the reader's language. Where nothing describes it, who heard it stands beside its name. */
export function voiceName(voice: Pick<VoiceRow, "name" | "name_ar" | "told" | "outlet">): string {
    const own = language.value === "ar" ? (voice.name_ar ?? voice.told ?? voice.name) : (voice.name ?? voice.told ?? voice.name_ar);
    return shown(own ?? "") || t("voices_unnamed");
}
