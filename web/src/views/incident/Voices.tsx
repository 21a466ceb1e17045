/* What each voice said, at its time and in the words it was told with, each a click from the report. */
import { useState } from "preact/hooks";
import { voiceHref } from "../../base";
import { colourOf, onMove } from "../../charts/measure";
import { date, listed, rich, t } from "../../i18n";
import type { Claim, Said } from "../../shapes";
import { CodePoints, directionOf, segments, shown } from "../../text";
import { Button, Chip, Icon } from "../../ui";
import { byEffect, verdictName } from "../../vocabulary";
import { claimHref, kindWords, paperName, point, pointed, VoiceBadge, type Marks } from "./parts";
import { isBeside, toldBesideDenial, voiceAnchor, voiceName, type StoryVoice, type Whole } from "./story";
import { denialWords, harm } from "./words";

const FIRST_VOICES = 40;

interface Part {
    start: number;
    end: number;
    kind: "count" | "voice";
}

/* A sentence in its own script and direction, the figure and the attribution marked in it. */
export function Evidence({ whole, claim, marks, also = [] }: { whole: Pick<Whole, "papers">; claim: Claim; marks: ReadonlyMap<string, Marks>; also?: readonly Claim[] }) {
    if (!claim.evidence) {
        return null;
    }
    const { text, start } = claim.evidence;
    const parts = [claim, ...also].flatMap((each) => (["count", "voice"] as const).flatMap((kind): Part[] => {
        const found = marks.get(each.id)?.[kind];
        return found ? [{ start: found.start - start, end: found.end - start, kind }] : [];
    }));
    const language = whole.papers.get(claim.document)?.language;
    return (
        <blockquote class="evidence" lang={language ?? undefined} dir={directionOf(language)}>
            {segments(new CodePoints(text), parts).map((piece, i) => {
                const words = shown(piece.text);
                const voice = piece.marks.some((mark) => mark.kind === "voice") ? "in-voice" : undefined;
                return piece.marks.some((mark) => mark.kind === "count") ? <mark key={i} class={voice}>{words}</mark> : voice ? <span key={i} class={voice}>{words}</span> : words;
            })}
        </blockquote>
    );
}

const copied = (claim: Claim): boolean => claim.chain.at(-1)?.how === "copied";

/* The other reports that carry the same words of a voice. */
function Others({ whole, claims }: { whole: Whole; claims: readonly Claim[] }) {
    const [open, setOpen] = useState(claims.length <= 6);
    if (!claims.length) {
        return null;
    }
    const link = (claim: Claim) => {
        const outlet = <a key={claim.id} href={claimHref(claim)}><bdi>{paperName(whole.papers.get(claim.document))}</bdi></a>;
        const how = claim.chain.at(-1)?.how;
        return how === "copied" ? rich("said_copied_in", { outlet }) : how === "relayed" ? rich("said_relayed_in", { outlet }) : outlet;
    };
    return (
        <p class="said-others small-words">
            {rich("said_also_in", { outlets: listed((open ? claims : claims.slice(0, 4)).map(link)) })}
            {!open && <Button kind="quiet" small onClick={() => setOpen(true)}>{t("outlets_more", { count: claims.length - 4 })}</Button>}
        </p>
    );
}

/* A statement and the claims that tell it, those of copies last. */
interface Telling {
    said: Said;
    claims: Claim[];
}

/* Statements of one sentence stand together: "17 killed, 30 injured". */
export function bySentence(whole: Whole, said: readonly Said[]): Telling[][] {
    const groups = new Map<string, Telling[]>();
    for (const one of said) {
        const claims = one.claims.map((id) => whole.claims.get(id)).filter((claim) => claim !== undefined).sort((a, b) => Number(copied(a)) - Number(copied(b)));
        const first = claims[0];
        if (first) {
            const key = [first.document, first.version, first.evidence?.start].join(" ");
            groups.set(key, [...(groups.get(key) ?? []), { said: one, claims }]);
        }
    }
    return [...groups.values()];
}

export function SaidFigure({ whole, voice, telling: { said, claims } }: { whole: Whole; voice: StoryVoice; telling: Telling }) {
    const part = said.part_of !== null;
    const state = part ? "" : isBeside(voice, said) ? "beside" : !said.stands ? "before" : changedOf(voice).has(said.effect) ? "stands" : "";
    const first = claims[0]!;
    return (
        <span class={`said-figure ${state} effect-${said.effect}`}>
            <strong class="figure">{said.stance === "denies" ? denialWords(said, <bdi>{shown(voiceName(whole, voice.independent))}</bdi>, toldBesideDenial(whole, voice.independent, said)) : <bdi>{harm(said)}</bdi>}</strong>
            {part && <Chip>{t("said_part")}</Chip>}
            {state === "beside" && <Chip>{t("said_beside")}</Chip>}
            {state === "before" && <Chip>{t("said_before")}</Chip>}
            {state === "stands" && <Chip tone="accent">{t("said_stands")}</Chip>}
            {said.stance === "hedges" && <Chip>{t("legend_hedged")}</Chip>}
            {first.verdict && <Chip tone={first.verdict === "accepted" ? "good" : undefined}>{verdictName(first.verdict)}</Chip>}
            {first.scope !== "incident" && <Chip>{t("said_outside")}</Chip>}
        </span>
    );
}

function Saying({ whole, voice, tellings, marks }: { whole: Whole; voice: StoryVoice; tellings: Telling[]; marks: ReadonlyMap<string, Marks> }) {
    const first = tellings[0]!.claims[0]!;
    const paper = whole.papers.get(first.document);
    const carried = new Map(tellings.flatMap((telling) => telling.claims).filter((claim) => claim.document !== first.document).map((claim) => [claim.document, claim]));
    return (
        <li class="saying">
            <p class="saying-head">{tellings.map((telling) => <SaidFigure key={telling.said.claim} whole={whole} voice={voice} telling={telling} />)}</p>
            <Evidence whole={whole} claim={first} marks={marks} also={tellings.slice(1).map((telling) => telling.claims[0]!)} />
            <p class="saying-source">
                <a class="read-link" href={claimHref(first)}><Icon name="document" size={15} />{t("said_read")}<span class="unseen"> {harm(tellings[0]!.said)}</span></a>
                <bdi>{paperName(paper)}</bdi>{paper?.published && <time>{date(paper.published)}</time>}
            </p>
            <Others whole={whole} claims={[...carried.values()]} />
        </li>
    );
}

/* By time; of one report the gravest first. */
export const inOrder = (said: readonly Said[]): Said[] =>
    [...said].sort((a, b) => (a.time ?? "9").localeCompare(b.time ?? "9") || Number(a.part_of !== null) - Number(b.part_of !== null) || byEffect(a, b));

/* Of which harm a voice changed its figure: there it is told which is its last. */
const changedOf = (voice: StoryVoice): ReadonlySet<string> => new Set(voice.said.filter((one) => !one.stands && one.part_of === null && !isBeside(voice, one)).map((one) => one.effect));

function Voice({ whole, voice, marks }: { whole: Whole; voice: StoryVoice; marks: ReadonlyMap<string, Marks> }) {
    const n = voice.independent;
    const name = shown(voiceName(whole, n));
    const others = (whole.names.get(n) ?? []).filter((other) => other !== voiceName(whole, n)).slice(0, 6);
    const said = bySentence(whole, inOrder(voice.said));
    const [open, setOpen] = useState(said.length <= 8);
    return (
        <article id={voiceAnchor(n)} tabIndex={-1} data-voice={n} class={pointed.value === n ? "voice pointed" : "voice"} style={{ "--voice": colourOf(n) }} aria-labelledby={voiceAnchor(n) + "-name"} {...onMove(() => point(n))} onPointerLeave={() => point(null)}>
            <header>
                <VoiceBadge voice={n} />
                <div>
                    <h3 id={voiceAnchor(n) + "-name"}>{voice.source ? <a href={voiceHref(voice.source)} title={t("voice_page")}><bdi>{name}</bdi></a> : <bdi>{name}</bdi>}</h3>
                    <p class="quiet small-words">
                        {[kindWords(whole, n), voice.told_first ? t("voice_told_first") : "", voice.alone ? t("voice_alone") : ""].filter(Boolean).join(" · ")}
                        {voice.outlets.length > 0 && <> · {rich("voice_carried_by", { outlets: listed(voice.outlets.slice(0, 8).map((outlet) => <bdi key={outlet}>{shown(outlet)}</bdi>)) })}</>}
                    </p>
                    {voice.weak && <p class="quiet small-words">{t("voice_weak")}</p>}
                    {others.length > 0 && <p class="quiet small-words">{rich("voice_also_as", { names: listed(others.map((other) => <bdi key={other}>{shown(other)}</bdi>)) })}</p>}
                </div>
            </header>
            <ol class="sayings">
                {(open ? said : said.slice(0, 6)).map((tellings) => <Saying key={tellings[0]!.said.claim} whole={whole} voice={voice} tellings={tellings} marks={marks} />)}
            </ol>
            {!open && <Button kind="quiet" small onClick={() => setOpen(true)}>{t("said_more", { count: said.length - 6 })}</Button>}
        </article>
    );
}

export function Voices({ whole, marks }: { whole: Whole; marks: ReadonlyMap<string, Marks> }) {
    const all = whole.story.voices;
    const [open, setOpen] = useState(all.length <= FIRST_VOICES);
    return (
        <section class="panel said" aria-labelledby="said-title">
            <h2 id="said-title">{t("said_title")}</h2>
            <div class="voices-list">{(open ? all : all.slice(0, FIRST_VOICES)).map((voice) => <Voice key={voice.independent} whole={whole} voice={voice} marks={marks} />)}</div>
            {!open && <Button kind="quiet" onClick={() => setOpen(true)}>{t("voices_count", { count: all.length - FIRST_VOICES })}</Button>}
        </section>
    );
}

