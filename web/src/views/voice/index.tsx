/* One source: what it goes by, what it said of which incident and when, how its figures stand to the others'. */
import { useState } from "preact/hooks";
import { get } from "../../api";
import { documentHref, href } from "../../base";
import { counted } from "../../figures";
import { Title } from "../../frame/Title";
import { date, listed, listedText, named, number, percent, rich, t, tongue } from "../../i18n";
import { estimatesText, IncidentLink, ToldFigure } from "../../reading/short";
import { useEvents, useResource } from "../../resource";
import type { ViewProps } from "../../routes";
import { may } from "../../session";
import type { Said } from "../../shapes";
import { shown } from "../../text";
import { Button, Chip, Empty, ErrorBox, errorWords, Loading, toast } from "../../ui";
import { voiceKind } from "../../vocabulary";
import { Against } from "../voices/Against";
import { Naming } from "../voices/Naming";
import { voiceName, type VoiceIncident, type VoiceProfile } from "../voices/shapes";

const QUIET_MS = 1500;
const MOST_NAMES = 12;

function Sayings({ said }: { said: Said[] }) {
    return (
        <ol class="voice-said">
            {said.map((figure) => ({ figure, was: !figure.stands && figure.part_of === null })).map(({ figure, was }) => (
                <li key={figure.claim} class={`effect-${figure.effect}${was ? " was" : ""}`}>
                    <time class="quiet">{figure.time ? date(figure.time, false) : t("unknown_date")}</time>
                    <a href={documentHref(figure.document, { claim: figure.claim })}><ToldFigure figure={figure} words={counted} /></a>
                    {was && <span class="quiet small-words">{t("voice_revised")}</span>}
                </li>
            ))}
        </ol>
    );
}

function Incident({ row }: { row: VoiceIncident }) {
    const { incident } = row;
    return (
        <li class="voice-incident">
            <div class="voice-incident-head">
                <span><IncidentLink incident={incident} /></span>
                {row.first && <Chip tone="accent">{t("voices_first")}</Chip>}
                {row.alone && <Chip>{t("voices_alone")}</Chip>}
                {row.against && row.against !== "only" && <Chip tone={row.against === "within" ? "good" : "warn"}>{named("against", row.against)}</Chip>}
            </div>
            <Sayings said={row.said} />
            <p class="quiet small-words voice-estimate">{t("voice_all_voices")} <bdi>{estimatesText(incident.estimates, Infinity)}</bdi></p>
        </li>
    );
}

function Facts({ voice }: { voice: VoiceProfile }) {
    const share = (n: number): string => (voice.total ? ` (${percent(n / voice.total)})` : "");
    return (
        <dl class="voice-facts">
            <div><dt>{t("voice_fact_incidents")}</dt><dd class="figure">{number(voice.total)}</dd></div>
            <div><dt>{t("voice_fact_claims")}</dt><dd class="figure">{number(voice.claims)}</dd></div>
            <div><dt>{t("voice_fact_first")}</dt><dd class="figure">{number(voice.first)}{share(voice.first)}</dd></div>
            <div><dt>{t("voice_fact_alone")}</dt><dd class="figure">{number(voice.alone)}{share(voice.alone)}</dd></div>
            <div class="wide"><dt>{t("voice_fact_against")}</dt><dd><Against against={voice.against} words /></dd></div>
            <div class="wide"><dt>{t("voice_fact_names")}</dt><dd>{listed(voice.names.slice(0, MOST_NAMES).map(({ name }) => <bdi>{shown(name)}</bdi>))}</dd></div>
            <div class="wide"><dt>{t("voice_fact_outlets")}</dt><dd>{listed(voice.outlets.slice(0, MOST_NAMES).map((outlet) => <span><bdi>{shown(outlet.name ?? "") || t("voice_outlet_unknown")}</bdi> <span class="quiet figure">{number(outlet.claims)}</span></span>))}</dd></div>
            {voice.languages.length > 0 && <div class="wide"><dt>{t("voice_fact_languages")}</dt><dd>{listedText(voice.languages.map(tongue))}</dd></div>}
        </dl>
    );
}

export default function View({ id }: ViewProps) {
    const path = "voices/" + encodeURIComponent(id);
    const { data, error, loading, reload } = useResource(path, (signal) => get<VoiceProfile>(path, { limit: 50 }, signal));
    const [more, setMore] = useState<{ of: VoiceProfile; rows: VoiceIncident[]; next: string | null } | null>(null);
    const [busy, setBusy] = useState(false);
    const [naming, setNaming] = useState(false);
    useEvents(["act", "added"], reload, QUIET_MS);
    if (!data) {
        return <div class="page"><Title words={t("title_voice")} />{error ? <ErrorBox error={error} again={reload} /> : loading && <Loading />}</div>;
    }
    const further = more?.of === data ? more : { of: data, rows: [], next: data.next };
    const ask = async () => {
        setBusy(true);
        try {
            const answer = await get<VoiceProfile>(path, { limit: 50, after: further.next });
            setMore({ of: data, rows: [...further.rows, ...answer.incidents], next: answer.next });
        } catch (wrong) {
            toast(errorWords(wrong), { wrong: true });
        }
        setBusy(false);
    };
    return (
        <div class="page voice-page">
            <p class="crumb"><a href={href("voices")}>{t("title_voices")}</a></p>
            <header class="page-head">
                <Title words={voiceName(data)} />
                <Chip>{voiceKind(data.kind)}</Chip>
                {data.outlet && <Chip>{rich("voices_heard_by", { outlet: shown(data.outlet) })}</Chip>}
                {!data.described && <Chip tone="warn">{t("voice_undescribed")}</Chip>}
                {data.named && <Chip tone="good">{t("voice_named")}</Chip>}
                {may("review") && data.described && <Button icon="edit" onClick={() => setNaming(true)}>{t("voices_name")}</Button>}
            </header>
            <Facts voice={data} />
            <h2>{t("voice_incidents")}</h2>
            {data.incidents.length ? <ol class="voice-incidents">{[...data.incidents, ...further.rows].map((row) => <Incident key={row.incident.id} row={row} />)}</ol> : <Empty title={t("voice_no_incidents")} />}
            {further.next && <p class="voice-more"><Button busy={busy} onClick={() => void ask()}>{t("voice_more")}</Button></p>}
            {naming && <Naming voices={[data]} onClose={() => setNaming(false)} onDone={reload} />}
        </div>
    );
}
