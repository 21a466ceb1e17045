/* Every source of the ledger: how much it tells, how often first and alone, how its figures stand to the others'. */
import { useRef, useState } from "preact/hooks";
import { useSaid } from "../../acts";
import { get } from "../../api";
import { voiceHref } from "../../base";
import { Title } from "../../frame/Title";
import { date, listedText, number, percent, rich, strongCount, t, tongue } from "../../i18n";
import { go } from "../../router";
import type { ViewProps } from "../../routes";
import { may } from "../../session";
import { shown } from "../../text";
import { Button, Empty, Field, Input, Select, VirtualList } from "../../ui";
import { optionsOf, VOICE_KINDS, voiceKind } from "../../vocabulary";
import { Against } from "./Against";
import { Naming } from "./Naming";
import { voiceName, type VoiceRow } from "./shapes";

const ORDERS = ["incidents", "claims", "first", "alone", "last"] as const;
const ROW = 64;
const TYPING_MS = 250;

function Row({ voice, chosen, onChosen }: { voice: VoiceRow; chosen: boolean; onChosen: ((on: boolean) => void) | null }) {
    const name = voiceName(voice);
    const share = (n: number): string => (voice.incidents ? percent(n / voice.incidents) : "");
    return (
        <div class={onChosen ? "voice-row can-choose" : "voice-row"}>
            {onChosen && <input type="checkbox" aria-label={t("voices_choose", { name })} checked={chosen} onChange={(event) => onChosen(event.currentTarget.checked)} />}
            <div class="voice-who">
                <span class="voice-line"><a href={voiceHref(voice.key)}><bdi>{name}</bdi></a>{voice.outlet && <span class="quiet"> {rich("voices_heard_by", { outlet: shown(voice.outlet) })}</span>}</span>
                <span class="quiet small-words">{voiceKind(voice.kind)}{voice.languages.length > 0 && <> · {listedText(voice.languages.map(tongue))}</>}</span>
            </div>
            <p class="voice-number">{strongCount("voices_of_incidents", voice.incidents)}</p>
            <p class="voice-number">{strongCount("voices_of_claims", voice.claims)}</p>
            <p class="voice-number"><b class="figure">{number(voice.first)}</b> {t("voices_first")} {share(voice.first)}</p>
            <p class="voice-number"><b class="figure">{number(voice.alone)}</b> {t("voices_alone")} {share(voice.alone)}</p>
            <Against against={voice.against} />
            <time class="voice-last quiet">{voice.last ? date(voice.last, false) : ""}</time>
        </div>
    );
}

export default function View({ query }: ViewProps) {
    const text = query.get("text") ?? "";
    const kind = query.get("kind") ?? "";
    const order = ORDERS.find((one) => one === query.get("order")) ?? "incidents";
    const [chosen, setChosen] = useState<ReadonlyMap<string, VoiceRow>>(new Map());
    const [naming, setNaming] = useState(false);
    const [round, setRound] = useState(0);
    const timer = useRef(0);
    const change = (part: Record<string, string>) => go("voices", { text, kind, order: order === "incidents" ? "" : order, ...part }, { quiet: true });
    const typed = (value: string) => {
        clearTimeout(timer.current);
        timer.current = window.setTimeout(() => change({ text: value.trim() }), TYPING_MS);
    };
    const choose = (voice: VoiceRow) => (on: boolean) => setChosen((was) => {
        const next = new Map(was);
        on ? next.set(voice.key, voice) : next.delete(voice.key);
        return next;
    });
    const reviews = may("review");
    useSaid(() => setRound((n) => n + 1));
    return (
        <div class="page voices">
            <header class="page-head"><Title words={t("title_voices")} /></header>
            <form class="voices-filter" role="search" aria-label={t("voices_filter")} onSubmit={(event) => event.preventDefault()}>
                <Field label={t("voices_text")}><Input type="search" defaultValue={text} onInput={(event) => typed(event.currentTarget.value)} /></Field>
                <Field label={t("voices_kind")}><Select value={kind} onValue={(value) => change({ kind: value })} options={[{ value: "", label: t("voices_kind_any") }, ...optionsOf(VOICE_KINDS, voiceKind)]} /></Field>
                <Field label={t("voices_order")}><Select value={order} onValue={(value) => change({ order: value === "incidents" ? "" : value })} options={ORDERS.map((one) => ({ value: one, label: t(`voices_order_${one}`) }))} /></Field>
                {reviews && <Button icon="join" disabled={!chosen.size} onClick={() => setNaming(true)}>{chosen.size > 1 ? t("voices_merge", { count: chosen.size }) : t("voices_name")}</Button>}
            </form>
            <p class="voices-key small-words quiet" aria-hidden="true"><i class="against-key is-below" />{t("against_key_below")}<i class="against-key is-within" />{t("against_key_within")}<i class="against-key is-above" />{t("against_key_above")}<i class="against-key is-only" />{t("against_key_only")}</p>
            <div class="voices-list">
                <VirtualList<VoiceRow> listKey={[text, kind, order, round].join("\n")} label={t("title_voices")} rowHeight={ROW}
                    load={async (after, signal) => {
                        const answer = await get<{ voices: VoiceRow[]; next: string | null }>("voices", { text, kind, order, after, limit: 50 }, signal);
                        return { rows: answer.voices, next: answer.next };
                    }}
                    row={(voice) => <Row voice={voice} chosen={chosen.has(voice.key)} onChosen={reviews ? choose(voice) : null} />}
                    onOpen={(voice) => go("voices/" + encodeURIComponent(voice.key))}
                    empty={<Empty title={text || kind ? t("voices_none_found") : t("voices_none")} icon="voices" />} />
            </div>
            {naming && <Naming voices={[...chosen.values()]} onClose={() => setNaming(false)} onDone={() => setChosen(new Map())} />}
        </div>
    );
}
