/* What the page of an incident is made of: isnad-incident/1 and isnad-story/1 (docs/formats.md) as they come, and what
 * is worked out of them: which figure is told by how many reports and voices, who denies it, where the voices part. */
import { get } from "../../api";
import { outletOf } from "../../figures";
import { t } from "../../i18n";
import { language } from "../../settings";
import type { Claim, Estimate, Figure, Incident, Paper, Said, Step } from "../../shapes";
import { byEffect, EFFECTS, rankOf } from "../../vocabulary";
import { kindOf } from "./words";

export interface StoryVoice {
    independent: number;
    source: string | null;
    name: string | null;
    name_en: string | null;
    name_ar: string | null;
    kind: string | null;
    weak: boolean;
    origin_unknown: boolean;
    alone: boolean;
    told_first: boolean;
    revised: boolean;
    first: { document?: string; outlet?: string | null; published?: string | null };
    outlets: string[];
    said: Said[];
}

interface RoadNode {
    id: string;
    is: "voice" | "document" | "relay";
    voices: number[];
    name: string | null;
    kind?: string | null;
    document?: string;
    title?: string | null;
    url?: string | null;
    language?: string | null;
    published?: string | null;
    copies: { document: string; outlet: string | null; published: string | null }[];
}

interface RoadEdge {
    from: string;
    to: string;
    how: Step["how"];
    voice: number;
    claims: string[];
}

export interface ToldEstimate extends Estimate {
    provisional?: boolean;
    claims?: string[];
    of: { low: string[]; best: string[]; high: string[] };
}

interface Story {
    rule: { name: string | null; says: string | null };
    voices: StoryVoice[];
    nodes: RoadNode[];
    edges: RoadEdge[];
    estimates: ToldEstimate[];
}

/* An incident as its page asks for it, with what is looked up all the time. */
export interface Whole {
    incident: Incident;
    story: Story;
    claims: Map<string, Claim>;
    papers: Map<string, Paper>;
    voices: Map<number, StoryVoice>;
    /* The names that each voice goes by in the reports, the most used first. */
    names: Map<number, string[]>;
}

export async function loadWhole(id: string, signal: AbortSignal): Promise<Whole> {
    const at = "incidents/" + encodeURIComponent(id);
    const [incident, story] = await Promise.all([get<Incident>(at, {}, signal), get<Story>(at + "/story", {}, signal)]);
    return wholeOf(incident, story);
}

function wholeOf(incident: Incident, story: Story): Whole {
    const counts = new Map<number, Map<string, number>>();
    const papers = new Map(incident.documents.map((paper) => [paper.id, paper]));
    for (const claim of incident.claims) {
        const name = claim.voice?.text;
        if (claim.independent !== null && claim.superseded === null && name && !papers.has(name)) {
            const known = counts.get(claim.independent) ?? new Map<string, number>();
            counts.set(claim.independent, known.set(name, (known.get(name) ?? 0) + 1));
        }
    }
    const names = new Map([...counts].map(([voice, known]) => [voice, [...known].sort((a, b) => b[1] - a[1]).map(([name]) => name)]));
    return {
        incident, story, papers, names,
        claims: new Map(incident.claims.map((claim) => [claim.id, claim])),
        voices: new Map(story.voices.map((voice) => [voice.independent, voice])),
    };
}

const arabicScript = /\p{Script=Arabic}/u;

/* What a voice is called: by reviewers, else as a report in the reader's script told it, else as it was told. */
export function voiceName(whole: Whole, independent: number): string {
    const voice = whole.voices.get(independent);
    const arabic = language.value === "ar";
    const told = whole.names.get(independent) ?? [];
    const given = (arabic ? voice?.name_ar : voice?.name_en) || told.find((name) => arabicScript.test(name) === arabic) || voice?.name_en || voice?.name_ar || told[0];
    if (given) {
        return given;
    }
    const outlet = voice?.first.outlet || outletOf(whole.papers.get(voice?.first.document ?? "")) || "";
    return voice?.kind === "outlet" || voice?.weak || !voice?.kind ? outlet || t("voice_unnamed") : outlet ? t("voice_of_outlet", { outlet }) : t("voice_unnamed");
}

export const voiceAnchor = (independent: number): string => "voice-" + independent;

/* ---- which figure stands, and who tells it */

export interface Denial {
    voice: number;
    said: Said;
}

/* Who told a figure before, and what of it later. */
export interface Earlier {
    voice: number;
    said: Said;
    /* The very figure: "17" is not "at least 17". */
    same: boolean;
    later: Said;
}

export interface Answer {
    key: string;
    figure: Said;
    /* What each voice said, whose people may be of another kind. */
    of: Map<number, Said>;
    voices: number[];
    earlier: Earlier[];
    /* With the reports of those who told it before. */
    documents: string[];
    claims: string[];
    denials: Denial[];
}

const figureKey = (f: Figure): string => [f.effect, f.class, f.group, f.min, f.max, f.approx, f.stance === "hedges" ? "asserts" : f.stance].join("|");
/* The same whomever it counts: who says "17 combatants" and who says "17" tell one number. */
const numberKey = (f: Figure): string => figureKey({ ...f, class: null });

const sameQuestion = (a: Figure, b: Figure): boolean => a.effect === b.effect && a.group === b.group;
/* "17" and "at least 17" name one number. */
const sameNumber = (a: Figure, b: Figure): boolean => sameQuestion(a, b) && a.min !== null && a.min === b.min && [a, b].every((f) => f.max === null || f.max === f.min);

/* Of the incident as such: no part of another figure, no total of many incidents. */
const ofIncident = (whole: Whole, said: Said): boolean => said.part_of === null && whole.claims.get(said.claim)?.scope === "incident";

/* Told beside a figure that stands, in one report, and never before: no change of mind. */
export function isBeside(voice: StoryVoice, said: Said): boolean {
    const now = voice.said.find((one) => one.stands && sameQuestion(one, said) && one.document === said.document);
    return !said.stands && now !== undefined && !voice.said.some((old) => !old.stands && old.document !== now.document && sameNumber(old, said));
}

/* The figures that a voice tells of those whose harm it denies: it denies the harm in some place, say. */
export function toldBesideDenial(whole: Whole, voice: number, denial: Said): Said[] {
    const effects = denial.effect === "casualties" ? ["killed", "injured", "casualties"] : [denial.effect];
    return denial.stance !== "denies" || (denial.max !== 0 && denial.max !== null) ? [] : (whole.voices.get(voice)?.said ?? [])
        .filter((one) => one.stands && one.stance !== "denies" && one.max !== 0 && effects.includes(one.effect) && ["", kindOf(one)].includes(kindOf(denial)) && ofIncident(whole, one)).sort(byEffect);
}

function denialsOf(whole: Whole, claims: ReadonlySet<string>): Denial[] {
    const found = new Map<number, Denial>();
    for (const { on, claims: pair } of whole.incident.disagreements) {
        const denying = pair.map((id) => whole.claims.get(id)).find((claim) => claim?.stance === "denies" || claim?.max === 0);
        const other = pair.find((id) => id !== denying?.id);
        const voice = denying?.independent;
        if (on !== "denial" || !denying || !other || !claims.has(other) || !voice || found.has(voice)) {
            continue;
        }
        const said = whole.voices.get(voice)?.said.find((one) => one.claims.includes(denying.id));
        if (said) {
            found.set(voice, { voice, said });
        }
    }
    return [...found.values()].sort((a, b) => a.voice - b.voice);
}

/* Those who told the very figure of an answer before. */
export const sameOf = (answer: Answer): Earlier[] => answer.earlier.filter((each) => each.same);

/* A voice stands by an answer once: by the very figure rather than by its number. */
function remember(answer: Answer, one: Earlier): void {
    const known = answer.earlier.find((each) => each.voice === one.voice);
    if (!answer.of.has(one.voice) && !known?.same) {
        answer.earlier = [...answer.earlier.filter((each) => each !== known), one];
    }
}

/* Each who told a figure and changed it, with whoever stands by it now: by that very figure, else by its number. */
function addEarlier(whole: Whole, answers: Answer[]): void {
    for (const voice of whole.story.voices) {
        const mine = voice.said.filter((said) => ofIncident(whole, said));
        for (const said of mine.filter((one) => !one.stands && one.stance !== "denies" && !isBeside(voice, one))) {
            const later = mine.filter((one) => one.stands && sameQuestion(one, said)).at(-1);
            const exact = answers.filter((answer) => answer.key === numberKey(said));
            const meant = exact.length ? exact : answers.filter((answer) => sameNumber(answer.figure, said));
            if (later) {
                meant.forEach((answer) => remember(answer, { voice: voice.independent, said, same: exact.length > 0, later }));
            }
        }
    }
}

/* The figures that somebody stands by now, of each effect the one with most voices first. */
export function answersOf(whole: Whole): Map<string, Answer[]> {
    const found = new Map<string, Answer>();
    for (const voice of whole.story.voices) {
        for (const said of voice.said) {
            if (!said.stands || said.stance === "denies" || !ofIncident(whole, said)) {
                continue;
            }
            const key = numberKey(said);
            const answer: Answer = found.get(key) ?? { key, figure: said, of: new Map(), voices: [], earlier: [], documents: [], claims: [], denials: [] };
            found.set(key, answer);
            if (answer.figure.class !== said.class) {
                answer.figure = { ...answer.figure, class: "unknown" };
            }
            answer.of.set(voice.independent, said);
            answer.claims.push(...said.claims);
        }
    }
    addEarlier(whole, [...found.values()]);
    const ofEffect = new Map<string, Answer[]>();
    for (const answer of found.values()) {
        answer.voices = [...answer.of.keys()];
        answer.documents = [...new Set([...answer.claims, ...sameOf(answer).flatMap(({ said }) => said.claims)].map((id) => whole.claims.get(id)?.document ?? ""))].filter(Boolean);
        answer.denials = denialsOf(whole, new Set(answer.claims));
        ofEffect.set(answer.figure.effect, [...(ofEffect.get(answer.figure.effect) ?? []), answer]);
    }
    for (const answers of ofEffect.values()) {
        answers.sort((a, b) => b.voices.length - a.voices.length || b.documents.length - a.documents.length || (b.figure.min ?? 0) - (a.figure.min ?? 0));
    }
    return new Map(EFFECTS.filter((effect) => ofEffect.has(effect)).map((effect) => [effect, ofEffect.get(effect)!]));
}

/* Denials of an effect of which nobody tells a figure. */
export function bareDenials(whole: Whole, answers: Map<string, Answer[]>): Denial[] {
    const told = new Set([...answers.values()].flat().flatMap((answer) => answer.denials.map((denial) => denial.voice + denial.said.claim)));
    return whole.story.voices.flatMap((voice) => voice.said.filter((said) => said.stance === "denies" && said.stands && ofIncident(whole, said) && !told.has(voice.independent + said.claim))
        .map((said) => ({ voice: voice.independent, said })));
}

/* What a voice said before, of the same question. */
export function beforeOf(whole: Whole, voice: number, figure: Said): Said[] {
    return (whole.voices.get(voice)?.said ?? []).filter((said) => !said.stands && sameQuestion(said, figure) && said.document !== figure.document && ofIncident(whole, said));
}

/* ---- where the voices part */

export interface Side {
    value: Claim;
    voices: number[];
}

export interface Question {
    key: string;
    on: string;
    effect: string;
    group: string | null;
    denial: Denial | null;
    sides: Side[];
}

const valueOf = (on: string, claim: Claim): string =>
    on === "date" ? (claim.date ?? "") : on === "place" ? (claim.place?.name ?? claim.place?.name_ar ?? claim.place?.text ?? "") : on === "actor" ? (claim.actor?.text ?? "") : figureKey(claim);

/* The ledger's disagreements are pairs of claims; a reader is helped by one question with its answers, a denier at a time. */
export function questionsOf(whole: Whole): Question[] {
    const found = new Map<string, Question>();
    const add = (question: Question, claim: Claim | undefined): void => {
        if (!claim || claim.independent === null) {
            return;
        }
        const value = valueOf(question.on, claim);
        const side = question.sides.find((each) => valueOf(question.on, each.value) === value);
        if (!side) {
            question.sides.push({ value: claim, voices: [claim.independent] });
        } else if (!side.voices.includes(claim.independent)) {
            side.voices.push(claim.independent);
        }
    };
    for (const { on, claims } of whole.incident.disagreements) {
        const pair = claims.map((id) => whole.claims.get(id));
        const denying = on === "denial" ? pair.find((claim) => claim?.stance === "denies" || claim?.max === 0) : undefined;
        const asked = pair.find((claim) => claim && claim !== denying);
        if (!asked) {
            continue;
        }
        const figures = on === "count" || on === "denial";
        const key = [on, figures ? asked.effect : "", figures && on === "count" ? asked.group : "", denying?.independent ?? ""].join("|");
        const said = denying && whole.voices.get(denying.independent ?? 0)?.said.find((one) => one.claims.includes(denying.id));
        const question = found.get(key) ?? { key, on, effect: asked.effect, group: asked.group ?? null, denial: said ? { voice: denying.independent!, said } : null, sides: [] };
        found.set(key, question);
        pair.filter((claim) => claim !== denying).forEach((claim) => add(question, claim));
    }
    const all = [...found.values()];
    for (const question of all) {
        question.sides.sort((a, b) => (a.value.min ?? 0) - (b.value.min ?? 0) || (a.value.max ?? Infinity) - (b.value.max ?? Infinity));
        question.sides.forEach((side) => side.voices.sort((a, b) => a - b));
    }
    const rank = (question: Question): number => rankOf(question.effect) * 2 + (question.on === "denial" ? 0 : 1) + (["count", "denial"].includes(question.on) ? 0 : 100);
    return all.sort((a, b) => rank(a) - rank(b));
}

/* The estimates for everybody, as the head shows them. */
export const wholeEstimates = (whole: Whole): ToldEstimate[] =>
    whole.story.estimates.filter((e) => e.class === "all" && !e.group && (e.low !== null || e.high !== null))
        .sort(byEffect);
