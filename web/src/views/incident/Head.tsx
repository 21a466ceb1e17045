/* The head of an incident: what happened, and at once in words what is told, by how many voices, and who denies it. */
import { useState } from "preact/hooks";
import { date, has, listed, rich, t, named } from "../../i18n";
import { people, placeName, range, regionOf } from "../../figures";
import { language } from "../../settings";
import type { PlaceOf, Said } from "../../shapes";
import { shown } from "../../text";
import { Button, Chip, Dialog, Icon } from "../../ui";
import { effectName, statusName } from "../../vocabulary";
import { Actors, claimHref, kindWords, paperName, VoiceLink, type Marks } from "./parts";
import { answersOf, bareDenials, beforeOf, sameOf, toldBesideDenial, wholeEstimates, type Answer, type Denial, type Earlier, type ToldEstimate, type Whole } from "./story";
import { Evidence } from "./Voices";
import { denialWords, harm } from "./words";

const NO_MARKS: ReadonlyMap<string, Marks> = new Map();

function otherNames(place: PlaceOf | null, sites: readonly PlaceOf[]): string[] {
    const main = placeName(place);
    return [...new Set(sites.map((site) => placeName(site)))].filter((name) => name && name !== main).slice(0, 6);
}

export function Facts({ whole }: { whole: Whole }) {
    const { incident } = whole;
    const names = otherNames(incident.place, incident.sites ?? []);
    return (
        <div class="facts">
            <span><Icon name="calendar" size={15} /><time>{date(incident.date)}</time></span>
            {regionOf(incident.place).length > 0 && <span><Icon name="map" size={15} />{regionOf(incident.place).map((part, i) => <span key={part}>{i ? " · " : ""}<bdi>{part}</bdi></span>)}</span>}
            {names.length > 0 && <span class="quiet">{rich("incident_also_named", { places: listed(names.map((name) => <bdi key={name}>{shown(name)}</bdi>)) })}</span>}
            {incident.actors?.length > 0 && <span><Actors incident={incident} /></span>}
        </div>
    );
}

export function States({ whole }: { whole: Whole }) {
    const { incident } = whole;
    const grade = incident.grade_names?.[language.value] ?? incident.grade;
    return (
        <p class="row states">
            <Chip tone={incident.status === "settled" ? "good" : undefined}><span class="quiet">{t("status_title")}</span> {statusName(incident.status)}</Chip>
            <Chip><span class="quiet">{t("grade_title")}</span> {grade ? <bdi>{grade}</bdi> : t("grade_none")}</Chip>
            <Chip><span class="quiet">{t("assignee_title")}</span> {incident.assignee ? <bdi>{shown(incident.assignee)}</bdi> : t("assignee_none")}</Chip>
            {incident.sensitive && <Chip tone="warn" icon="lock">{t("sensitive_mark")}</Chip>}
        </p>
    );
}

/* The sentence that a denial was told with: what it denies, and where, is settled there. */
function DenialSentence({ whole, said }: { whole: Whole; said: Said }) {
    const claim = whole.claims.get(said.claim);
    return claim?.evidence ? <details class="denial-sentence"><summary>{t("denial_sentence")}</summary><Evidence whole={whole} claim={claim} marks={NO_MARKS} /></details> : null;
}

export const Denials = ({ whole, denials, plain }: { whole: Whole; denials: readonly Denial[]; plain?: boolean }) => (
    <>
        {denials.map(({ voice, said }) => (
            <li key={voice + said.claim} class="verdict-denial">
                <span class="denied-sign" aria-hidden="true"><Icon name="close" size={13} /></span>
                <span>{denialWords(said, <VoiceLink whole={whole} voice={voice} plain={plain} />, toldBesideDenial(whole, voice, said))} <span class="quiet">({kindWords(whole, voice)})</span>{!plain && <DenialSentence whole={whole} said={said} />}</span>
            </li>
        ))}
    </>
);

/* Who told the figure before, and what of it since. */
const EarlierTeller = ({ whole, earlier: { voice, said, same, later }, plain }: { whole: Whole; earlier: Earlier; plain?: boolean | undefined }) => (
    <><VoiceLink whole={whole} voice={voice} plain={plain} /> <span class="verdict-later">{same ? t("answer_later", { figure: harm(later) }) : t("answer_first_later", { first: harm(said), figure: harm(later) })}</span></>
);

const reportsOf = (whole: Whole, answer: Answer, voice: number): number =>
    new Set(answer.claims.map((id) => whole.claims.get(id)).filter((claim) => claim?.independent === voice).map((claim) => claim!.document)).size;

const AtFirst = ({ before }: { before: readonly Said[] }) => (before[0] ? <span class="verdict-later"> · {t("answer_at_first", { figure: harm(before[0]) })}</span> : null);

function Tellers({ whole, answer, plain }: { whole: Whole; answer: Answer; plain?: boolean | undefined }) {
    const all = answer.voices.length;
    const [open, setOpen] = useState(all <= 6 || plain === true);
    return (
        <>
            {(open ? answer.voices : answer.voices.slice(0, 4)).map((voice) => {
                const said = answer.of.get(voice);
                const who = said && said.class !== answer.figure.class ? people(said) : "";
                const before = beforeOf(whole, voice, said ?? answer.figure);
                return (
                    <li key={voice}>
                        <VoiceLink whole={whole} voice={voice} plain={plain} />
                        <span class="quiet"> {[kindWords(whole, voice), t("reports_count", { count: reportsOf(whole, answer, voice) }), who].filter(Boolean).join(" · ")}</span><AtFirst before={before} />
                    </li>
                );
            })}
            {!open && <li><Button kind="quiet" small onClick={() => setOpen(true)}>{t("voices_count", { count: all - 4 })}</Button></li>}
            {answer.earlier.map((earlier) => <li key={earlier.voice}><EarlierTeller whole={whole} earlier={earlier} plain={plain} /></li>)}
        </>
    );
}

/* By how many it was ever told, and how many of them changed it. */
function AnswerLine({ answer }: { answer: Answer }) {
    const changed = sameOf(answer).length;
    return rich(changed ? "verdict_changed" : "verdict", {
        figure: <strong class={`figure effect-${answer.figure.effect}`}><bdi>{harm(answer.figure)}</bdi></strong>,
        reports: <span class="verdict-count">{t("in_reports", { count: answer.documents.length })}</span>,
        voices: <span class="verdict-count strong">{t("by_voices", { count: answer.voices.length + changed })}</span>,
        changed: t("of_whom_changed", { count: changed }),
    });
}

export function Verdict({ whole, plain, only }: { whole: Whole; plain?: boolean; only?: string }) {
    const all = answersOf(whole);
    const answers = only ? new Map([...all].filter(([effect]) => effect === only)) : all;
    const bare = bareDenials(whole, all).filter(({ said }) => !only || said.effect === only);
    if (!answers.size && !bare.length) {
        return <p class="quiet">{t("incident_no_claims")}</p>;
    }
    return (
        <div class="verdict">
            {[...answers].map(([effect, [first, ...others]]) => (
                <section key={effect} class={`verdict-effect effect-${effect}`}>
                    <p class="verdict-line"><AnswerLine answer={first!} /></p>
                    <ul class="verdict-voices">
                        <Tellers whole={whole} answer={first!} plain={plain} />
                        <Denials whole={whole} denials={first!.denials} plain={plain ?? false} />
                    </ul>
                    {others.length > 0 && (
                        <ul class="verdict-others" aria-label={t("answers_other")}>
                            {others.slice(0, plain ? 20 : 5).map((answer) => (
                                <li key={answer.key}><AnswerLine answer={answer} /> <span class="verdict-who">{answer.voices.slice(0, 5).map((voice) => <span key={voice}><VoiceLink whole={whole} voice={voice} plain={plain} /><AtFirst before={beforeOf(whole, voice, answer.of.get(voice)!)} /></span>)}{answer.earlier.slice(0, 5).map((earlier) => <span key={earlier.voice}><EarlierTeller whole={whole} earlier={earlier} plain={plain} /></span>)}</span></li>
                            ))}
                        </ul>
                    )}
                </section>
            ))}
            {bare.length > 0 && <ul class="verdict-voices"><Denials whole={whole} denials={bare} plain={plain ?? false} /></ul>}
        </div>
    );
}

/* ---- estimates, and the rule behind them */

function EstimateBound({ whole, title, claims, plain }: { whole: Whole; title: string; claims: readonly string[]; plain: boolean }) {
    const known = claims.map((id) => whole.claims.get(id)).filter((claim) => claim !== undefined);
    return (
        <section class="bound">
            <h3>{title}</h3>
            {known.length > 0 && <ul>
                {known.slice(0, 40).map((claim) => (
                    <li key={claim.id}>
                        {claim.independent !== null && <VoiceLink whole={whole} voice={claim.independent} plain />}
                        {" "}<strong>{harm(claim)}</strong> {plain ? <bdi>{paperName(whole.papers.get(claim.document))}</bdi> : <a href={claimHref(claim)}><bdi>{paperName(whole.papers.get(claim.document))}</bdi></a>}
                    </li>
                ))}
            </ul>}
        </section>
    );
}

export function EstimateWhy({ whole, estimate, rule: withRule = true, plain = false }: { whole: Whole; estimate: ToldEstimate; rule?: boolean; plain?: boolean }) {
    const { rule } = whole.story;
    return (
        <div class="why">
            {withRule && rule.name && <p><strong>{rich("estimate_rule", { name: <bdi>{rule.name}</bdi> })}</strong></p>}
            {withRule && rule.name && (has("rule." + rule.name) ? <p class="rule-words">{named("rule", rule.name)}</p> : rule.says && <p class="rule-words" dir="auto">{rule.says}</p>)}
            {estimate.low !== null && <EstimateBound whole={whole} title={t("estimate_low", { n: estimate.low })} claims={estimate.of.low} plain={plain} />}
            {estimate.best !== null ? <EstimateBound whole={whole} title={t("estimate_best", { n: estimate.best })} claims={estimate.of.best} plain={plain} /> : <p class="quiet">{t("estimate_no_best")}</p>}
            {estimate.high !== null && <EstimateBound whole={whole} title={t(estimate.high_open ? "estimate_high_open" : "estimate_high", { n: estimate.high })} claims={estimate.of.high} plain={plain} />}
            {estimate.provisional && <p class="quiet">{t("estimate_provisional")}</p>}
        </div>
    );
}

export function Estimates({ whole }: { whole: Whole }) {
    const [asked, setAsked] = useState<ToldEstimate | null>(null);
    const all = wholeEstimates(whole);
    return (
        <div class="estimates">
            <h2>{t("estimate_title")}</h2>
            <dl>
                {all.map((estimate) => (
                    <div key={estimate.effect} class={`effect-${estimate.effect}`}>
                        <dt>{effectName(estimate.effect)}</dt>
                        <dd><strong class="figure">{range(estimate)}</strong>
                            <button type="button" class="why-button" onClick={() => setAsked(estimate)}>{t("estimate_why")}<span class="unseen"> {effectName(estimate.effect)}</span></button></dd>
                    </div>
                ))}
            </dl>
            <p class="quiet small-words">{t("incident_sum", { reports: t("reports_count", { count: whole.incident.documents.length }), voices: t("voices_count", { count: whole.incident.voices.independent }) })}</p>
            {asked && <Dialog title={`${effectName(asked.effect)} ${range(asked)}`} onClose={() => setAsked(null)}><EstimateWhy whole={whole} estimate={asked} /></Dialog>}
        </div>
    );
}

