/* Small parts that the sections of an incident share. */
import { signal } from "@preact/signals";
import { useEffect, useRef, useState } from "preact/hooks";
import { get } from "../../api";
import { documentHref } from "../../base";
import { colourOf, onMove } from "../../charts/measure";
import { outletOf, placeName } from "../../figures";
import { listed, number, rich, t } from "../../i18n";
import type { Claim, Incident, Paper } from "../../shapes";
import { shown } from "../../text";
import { eventName, voiceKind } from "../../vocabulary";
import { voiceAnchor, voiceName, type Whole } from "./story";

/* The voice that is pointed at: the chart, the chain and the sentences light up together. */
export const pointed = signal<number | null>(null);
export const point = (voice: number | null): void => void (pointed.value = voice);

export const VoiceBadge = ({ voice }: { voice: number }) => (
    <span class="voice-badge" style={{ "--voice": colourOf(voice) }}><span class="unseen">{t("voice_number", { number: number(voice) })} </span><span aria-hidden="true">{number(voice)}</span></span>
);

export function VoiceLink({ whole, voice, plain, badge = true }: { whole: Whole; voice: number; plain?: boolean | undefined; badge?: boolean }) {
    const name = <bdi>{shown(voiceName(whole, voice))}</bdi>;
    return (
        <span class="voice-name" data-voice={voice} {...onMove(() => point(voice))} onPointerLeave={() => point(null)}>
            {badge && <VoiceBadge voice={voice} />}
            {plain ? name : <a href={"#" + voiceAnchor(voice)} onFocus={() => point(voice)} onBlur={() => point(null)}>{name}</a>}
        </span>
    );
}

/* What kind of voice, and what weakens it. */
export function kindWords(whole: Whole, voice: number): string {
    const found = whole.voices.get(voice);
    return [voiceKind(found?.kind), found?.weak ? t("voice_weak_short") : "", found?.origin_unknown ? t("voice_origin_unknown") : ""].filter(Boolean).join(" · ");
}

export const paperName = (paper: Paper | undefined): string => shown(outletOf(paper) || t("title_document"));

export const claimHref = (claim: Claim): string => documentHref(claim.document, { version: claim.version > 1 ? claim.version : null, claim: claim.id });

export function headlineText(incident: Incident): string {
    const event = eventName(incident.event);
    const place = incident.place?.name || incident.place?.name_ar || incident.place?.text ? placeName(incident.place) : "";
    return place ? t("incident_in", { event, place }) : event;
}

export const Actors = ({ incident }: { incident: Incident }) => (
    <>{rich("incident_actors", { actors: listed(incident.actors.map((actor) => actor.hedged ? rich("actor_hedged", { actor: <bdi>{shown(actor.text)}</bdi> }) : <bdi>{shown(actor.text)}</bdi>)) })}</>
);

/* What a report was when it was kept. */
export interface Archived {
    sha256: string | null;
    time: string | null;
}

export interface Marks {
    count: { start: number; end: number } | null;
    voice: { start: number; end: number } | null;
}

interface Reading {
    captures?: { sha256?: string; time?: string }[];
    reading: { sha256?: string; claims: { count?: Marks["count"]; voice?: Marks["voice"] }[] };
    claims: ({ id: string } | null)[];
}

/* Where in its sentence a claim's figure and its attribution stand: the reports know. A page of an incident with very
 * many reports asks the first of them alone. */
export interface Kept {
    marks: ReadonlyMap<string, Marks>;
    archived: ReadonlyMap<string, Archived>;
    ready: boolean;
}

export function useKept(whole: Pick<Whole, "incident"> | null, most = 40): Kept {
    // A version is read as it was read: it is asked for once, however often the incident changes.
    const known = useRef(new Map<string, Reading>());
    const [kept, setKept] = useState<Kept>({ marks: new Map(), archived: new Map(), ready: false });
    useEffect(() => {
        const controller = new AbortController();
        const wanted = new Map(whole?.incident.claims.filter((claim) => claim.independent !== null && claim.superseded === null).map((claim) => [claim.document, claim.version]));
        const found = new Map<string, Marks>();
        const archived = new Map<string, Archived>();
        void Promise.all([...wanted].slice(0, most).map(async ([id, version]) => {
            const key = `${version} ${id}`;
            const answer = known.current.get(key) ?? (await get<Reading>("documents/" + encodeURIComponent(id), { version }, controller.signal).catch(() => null));
            if (answer) {
                known.current.set(key, answer);
                const capture = answer.captures?.at(-1);
                archived.set(id, { sha256: capture?.sha256 ?? answer.reading.sha256 ?? null, time: capture?.time ?? null });
            }
            answer?.claims.forEach((claim, i) => claim && found.set(claim.id, { count: answer.reading.claims[i]?.count ?? null, voice: answer.reading.claims[i]?.voice ?? null }));
        })).then(() => !controller.signal.aborted && setKept({ marks: found, archived, ready: whole !== null }));
        return () => controller.abort();
    }, [whole]);
    return kept;
}
