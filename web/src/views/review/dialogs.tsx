/* What else a reviewer says of an incident or a claim. */
import { useRef, useState } from "preact/hooks";
import { act } from "../../acts";
import { ActDialog } from "../../ActDialog";
import { get } from "../../api";
import { outletOf, told } from "../../figures";
import { t } from "../../i18n";
import { estimatesText, incidentName } from "../../reading/short";
import { useResource } from "../../resource";
import type { Claim, Incident, Summary } from "../../shapes";
import { shown } from "../../text";
import { Checkbox, Field, Input, Loading, Select, TextArea } from "../../ui";
import { CLASSES, className, effectName, EFFECTS, optionsOf, readTyped, scopeName, SCOPES, stanceName, STANCES, typedOf, voiceKind } from "../../vocabulary";

interface OfIncident {
    incident: Pick<Incident, "id" | "grade" | "assignee" | "date" | "place" | "claims" | "documents">;
    onClose: () => void;
    onDone: () => void;
}

export function CommentDialog({ id, ...rest }: { id: string; onClose: () => void; onDone: () => void }) {
    const [text, setText] = useState("");
    return (
        <ActDialog {...rest} why="none" title={t("review_comment")} verb={t("review_comment_do")} ready={text.trim() !== ""} say={(_, key) => act("comment", [id], [text.trim()], "", key)}>
            <Field label={t("review_comment_text")}><TextArea name="comment" rows={4} value={text} onInput={(event) => setText(event.currentTarget.value)} /></Field>
        </ActDialog>
    );
}

/* Incidents of the days around, and what words find. */
function useCandidates(incident: OfIncident["incident"], text: string) {
    const day = incident.date?.slice(0, 10) ?? "";
    const shift = (days: number): string => {
        const time = Date.parse(day + "T00:00Z");
        return Number.isNaN(time) ? "" : new Date(time + days * 86400000).toISOString().slice(0, 10);
    };
    const asked = text.trim() ? { text: text.trim(), limit: 30 } : { from: shift(-3), to: shift(3), country: incident.place?.country ?? "", limit: 30 };
    return useResource(`merge ${incident.id} ${text.trim()}`, async (signal) => {
        const answer = await get<{ incidents: Summary[] }>("incidents", asked, signal);
        return answer.incidents.filter((one) => one.id !== incident.id);
    });
}

export function MergeDialog({ incident, ...rest }: OfIncident) {
    const [text, setText] = useState("");
    const [chosen, setChosen] = useState<readonly string[]>([]);
    const { data, loading } = useCandidates(incident, text);
    const choose = (id: string) => (on: boolean) => setChosen((was) => (on ? [...was, id] : was.filter((one) => one !== id)));
    return (
        <ActDialog {...rest} title={t("review_merge")} verb={t("review_merge_do")} ready={chosen.length > 0} say={(why, key) => act("merge", [incident.id, ...chosen], [], why, key)}>
            <Field label={t("review_merge_find")} hint={t("review_merge_hint")}><Input type="search" value={text} onInput={(event) => setText(event.currentTarget.value)} /></Field>
            <div class="review-choices" role="group" aria-label={t("review_merge_with")}>
                {loading && !data ? <Loading /> : data?.length ? data.map((one) => (
                    <Checkbox key={one.id} checked={chosen.includes(one.id)} onChecked={choose(one.id)} label={<>
                        <bdi>{incidentName(one)}</bdi>{" "}
                        <span class="quiet">{estimatesText(one.estimates)}</span>
                        {one.title && <span class="quiet small-words review-title" dir="auto">{shown(one.title)}</span>}
                    </>} />
                )) : <p class="quiet">{t("review_merge_none")}</p>}
            </div>
        </ActDialog>
    );
}

export function SplitDialog({ incident, ...rest }: OfIncident) {
    const [chosen, setChosen] = useState<readonly string[]>([]);
    const choose = (id: string) => (on: boolean) => setChosen((was) => (on ? [...was, id] : was.filter((one) => one !== id)));
    return (
        <ActDialog {...rest} title={t("review_split")} verb={t("review_split_do")} ready={chosen.length > 0 && chosen.length < incident.documents.length} say={(why, key) => act("split", [incident.id, ...chosen], [], why, key)}>
            <p>{t("review_split_hint")}</p>
            <div class="review-choices" role="group" aria-label={t("review_split_which")}>
                {incident.documents.map((paper) => (
                    <Checkbox key={paper.id} checked={chosen.includes(paper.id)} onChecked={choose(paper.id)} label={<>
                        <b><bdi>{shown(outletOf(paper))}</bdi></b>{" "}
                        <span class="quiet">{incident.claims.filter((claim) => claim.document === paper.id && claim.superseded === null && claim.scope === "incident").slice(0, 3).map((claim) => `${effectName(claim.effect)} ${told(claim)}`).join(" · ")}</span>
                        <span class="quiet small-words review-title" dir="auto">{shown(paper.title ?? "")}</span>
                    </>} />
                ))}
            </div>
        </ActDialog>
    );
}

export function CorrectDialog({ claim, ...rest }: { claim: Claim; onClose: () => void; onDone: () => void }) {
    const before = useRef({ count: typedOf(claim), effect: claim.effect, class: claim.class ?? "unknown", stance: claim.stance ?? "asserts", scope: claim.scope, voice: claim.voice?.text ?? "", date: claim.date ?? "", place: claim.place?.text ?? claim.place?.name ?? "" }).current;
    const [fields, setFields] = useState(before);
    const set = (name: keyof typeof before) => (value: string) => setFields((was) => ({ ...was, [name]: value }));
    const typed = (name: keyof typeof before) => ({ name, value: fields[name], onInput: (event: { currentTarget: HTMLInputElement }) => set(name)(event.currentTarget.value) });
    const changed = (Object.keys(before) as (keyof typeof before)[]).filter((name) => fields[name].trim() !== before[name]);
    return (
        <ActDialog {...rest} title={t("review_correct")} verb={t("review_correct_do")} ready={changed.length > 0}
            say={(why, key) => act("correct", [claim.id], changed.map((name) => `${name}=${(name === "count" ? readTyped(fields.count) : fields[name].trim()) || "none"}`), why, key)}>
            {claim.evidence && <blockquote class="evidence" dir="auto">{shown(claim.evidence.text)}</blockquote>}
            <div class="review-fields">
                <Field label={t("review_field_count")} hint={t("review_field_count_hint")}><Input dir="ltr" autocomplete="off" {...typed("count")} /></Field>
                <Field label={t("review_field_effect")}><Select value={fields.effect} onValue={set("effect")} options={optionsOf(EFFECTS, effectName)} /></Field>
                <Field label={t("review_field_class")}><Select value={fields.class} onValue={set("class")} options={optionsOf(CLASSES, className)} /></Field>
                <Field label={t("review_field_stance")}><Select value={fields.stance} onValue={set("stance")} options={optionsOf(STANCES, stanceName)} /></Field>
                <Field label={t("review_field_scope")}><Select value={fields.scope} onValue={set("scope")} options={optionsOf(SCOPES, scopeName)} /></Field>
                <Field label={t("review_field_date")}><Input dir="ltr" {...typed("date")} /></Field>
                <Field label={t("review_field_voice")} hint={claim.voice ? voiceKind(claim.voice.kind) : t("review_voice_outlet")}><Input {...typed("voice")} /></Field>
                <Field label={t("review_field_place")}><Input {...typed("place")} /></Field>
            </div>
        </ActDialog>
    );
}
