/* Says of words of the text what they tell: a claim that nothing read, or another word on one that was read. */
import { useEffect, useRef, useState } from "preact/hooks";
import { ApiError, newKey } from "../../api";
import { act } from "../../acts";
import { placeName, told } from "../../figures";
import { inDigits, t } from "../../i18n";
import { incidentName } from "../../reading/short";
import { language } from "../../settings";
import { findShown, shown, type CodePoints, type Span } from "../../text";
import { Button, errorWords, Field, IconButton, Input, Select, TextArea } from "../../ui";
import { CLASSES, className, DESCRIBED_VOICE_KINDS, effectName, EFFECTS, groupName, GROUPS, numberIn, optionsOf, readTyped, scopeName, SCOPES, stanceName, STANCES, typedOf, voiceKind } from "../../vocabulary";
import type { PlacedClaim, Whole } from "./data";

/* What is being said: of words (a new claim), or of a claim; and what a second selection fills. */
export interface Draft {
    claim: number | null;
    span: Span | null;
    fills: Filled | null;
    taken: { field: Filled; text: string; span: Span } | null;
}
export type Filled = "voice" | "place" | "figure";

interface Fields {
    effect: string;
    count: string;
    class: string;
    group: string;
    voice: string;
    "voice.kind": string;
    place: string;
    date: string;
    stance: string;
    scope: string;
}

function fieldsOf(claim: PlacedClaim | null, words: string): Fields {
    const n = numberIn(words);
    return claim
        ? {
            effect: claim.effect, count: inDigits(typedOf(claim)), class: claim.who?.class ?? "unknown", group: claim.who?.group ?? "", voice: claim.voice?.text ?? "",
            "voice.kind": claim.voice?.kind ?? "", place: claim.place?.text || (claim.place ? placeName(claim.place) : ""), date: claim.date ?? "", stance: claim.stance, scope: claim.scope,
        }
        : { effect: "killed", count: n === null ? "" : inDigits(String(n)), class: "unknown", group: "", voice: "", "voice.kind": "", place: "", date: "", stance: "asserts", scope: "incident" };
}

function valuesOf(fields: Fields, was: Fields | null): string[] {
    const changed = (Object.keys(fields) as (keyof Fields)[]).filter((name) => (was ? fields[name] !== was[name] : fields[name] !== ""));
    return changed.filter((name) => name !== "voice.kind" || fields.voice).map((name) => `${name}=${(name === "count" ? readTyped(fields.count) : fields[name].trim()) || "none"}`);
}

interface FormProps {
    whole: Whole;
    points: CodePoints;
    draft: Draft;
    onDraft: (draft: Draft) => void;
    onEnd: (done: boolean) => void;
}

export function ClaimForm({ whole, points, draft, onDraft, onEnd }: FormProps) {
    const claim = draft.claim === null ? null : whole.claims[draft.claim]!;
    const words = draft.span ? shown(points.slice(draft.span.start, draft.span.end)) : "";
    const before = useRef(claim && fieldsOf(claim, words)).current;
    const [fields, setFields] = useState<Fields>(() => fieldsOf(claim, words));
    const [typed, setTyped] = useState(words);
    const [why, setWhy] = useState("");
    const [incident, setIncident] = useState(whole.document.incidents.length === 1 ? whole.document.incidents[0]! : "");
    const [error, setError] = useState<{ field: string; words: string } | null>(null);
    const [busy, setBusy] = useState(false);
    const key = useRef(newKey());
    const form = useRef<HTMLFormElement>(null);
    useEffect(() => form.current?.querySelector<HTMLElement>(claim || words ? "[name=count]" : "[name=words]")?.focus(), []);
    const set = (name: keyof Fields) => (value: string) => {
        key.current = newKey();
        setError(null);
        setFields((now) => ({ ...now, [name]: value }));
    };
    // What a second selection took from the text.
    useEffect(() => {
        const taken = draft.taken;
        if (taken && taken.field !== "figure") {
            set(taken.field)(taken.text);
        } else if (taken) {
            setTyped(taken.text);
            const n = numberIn(taken.text);
            n !== null && set("count")(inDigits(String(n)));
        }
    }, [draft.taken]);
    const input = (name: keyof Fields) => ({ name, value: fields[name], onInput: (event: { currentTarget: HTMLInputElement }) => set(name)(event.currentTarget.value) });
    const select = (name: keyof Fields) => ({ name, value: fields[name], onValue: set(name) });
    const find = (text: string) => {
        setTyped(text);
        setError(null);
        const span = findShown(points, text, 1)[0] ?? null;
        onDraft({ ...draft, span, taken: null });
        const n = span && numberIn(text);
        typeof n === "number" && !fields.count && set("count")(inDigits(String(n)));
    };
    const wrong = (field: string): string | undefined => (error?.field === field ? error.words : undefined);
    const send = async (event: Event) => {
        event.preventDefault();
        const values = valuesOf(fields, before);
        if (claim ? !values.length : !draft.span) {
            setError(claim ? { field: "", words: t("doc_nothing_changed") } : { field: "words", words: t("doc_words_missing") });
            return;
        }
        setBusy(true);
        try {
            if (claim) {
                await act("correct", [claim.id], values, why, key.current);
            } else {
                const at = [`document=${whole.document.id}`, `version=${whole.document.version}`, `start=${draft.span!.start}`, `end=${draft.span!.end}`];
                await act("add", incident ? [incident] : [], [...at, ...values], why, key.current);
            }
            onEnd(true);
        } catch (refused) {
            setBusy(false);
            const named = refused instanceof ApiError ? refused.field : "";
            setError({ field: ["count", "effect", "voice", "place", "date"].find((name) => named === name || (refused instanceof Error && refused.message.includes(name + "="))) ?? "", words: errorWords(refused) });
        }
    };
    const take = (field: Filled, label: string) => (
        <IconButton icon="edit" label={label} pressed={draft.fills === field} onClick={() => onDraft({ ...draft, fills: draft.fills === field ? null : field })} />
    );
    return (
        <form ref={form} class="claim-form panel" aria-labelledby="claim-form-title" onSubmit={(event) => void send(event)}
            onKeyDown={(event) => event.key === "Escape" && (event.stopPropagation(), onEnd(false))}>
            <div class="claim-form-head">
                <h2 id="claim-form-title">{t(claim ? "doc_correct_claim" : "doc_add_claim")}</h2>
                <Button type="submit" kind="strong" small busy={busy}>{t(claim ? "doc_correct" : "doc_add")}</Button>
                <IconButton icon="close" label={t("close")} onClick={() => onEnd(false)} />
            </div>
            {claim
                ? <p class="quiet small-words"><span class="effect-name">{effectName(claim.effect)}</span> <bdi>{told({ ...claim, class: null, group: null })}</bdi>{words && <> · <q><bdi>{words}</bdi></q></>}</p>
                : <Field label={t("doc_words")} hint={draft.span ? undefined : t("doc_words_hint")} error={wrong("words") ?? (typed && !draft.span ? t("doc_words_not_found") : undefined)}>
                    <Input name="words" value={typed} onInput={(event) => find(event.currentTarget.value)} autocomplete="off" />
                </Field>}
            <div class="form-pair">
                <Field label={t("doc_count")} hint={<bdi>{inDigits("5 · 5-7 · 5+")}</bdi>} error={wrong("count")}><Input dir={language.value === "ar" ? "rtl" : "ltr"} autocomplete="off" {...input("count")} /></Field>
                <Field label={t("doc_effect")} error={wrong("effect")}><Select options={optionsOf(EFFECTS, effectName)} {...select("effect")} /></Field>
            </div>
            <div class="form-pair">
                <Field label={t("doc_class")}><Select options={optionsOf(CLASSES, className)} {...select("class")} /></Field>
                <Field label={t("doc_group")}><Select options={[{ value: "", label: t("doc_everybody") }, ...optionsOf(GROUPS, groupName)]} {...select("group")} /></Field>
            </div>
            <div class="form-take">
                <Field label={t("doc_voice")} hint={draft.fills === "voice" ? t("doc_select_now") : t("doc_voice_hint")} error={wrong("voice")}><Input autocomplete="off" {...input("voice")} /></Field>
                {take("voice", t("doc_take_voice"))}
            </div>
            {fields.voice.trim() && <Field label={t("doc_voice_kind")}><Select options={[...(fields["voice.kind"] ? [] : [{ value: "", label: t("doc_not_said") }]), ...optionsOf(DESCRIBED_VOICE_KINDS, voiceKind)]} {...select("voice.kind")} /></Field>}
            <div class="form-take">
                <Field label={t("doc_place")} hint={draft.fills === "place" ? t("doc_select_now") : undefined} error={wrong("place")}><Input autocomplete="off" {...input("place")} /></Field>
                {take("place", t("doc_take_place"))}
            </div>
            <div class="form-pair">
                <Field label={t("doc_date")} error={wrong("date")}><Input dir="ltr" placeholder="2026-01-31" autocomplete="off" {...input("date")} /></Field>
                <Field label={t("doc_stance")}><Select options={optionsOf(STANCES, stanceName)} {...select("stance")} /></Field>
            </div>
            <Field label={t("doc_scope")}><Select options={optionsOf(SCOPES, scopeName)} {...select("scope")} /></Field>
            {!claim && whole.incidents.size > 0 && (
                <Field label={t("doc_of_incident")}>
                    <Select value={incident} onValue={setIncident} options={[{ value: "", label: t("doc_by_linking") }, ...[...whole.incidents.values()].map((one) => ({ value: one.id, label: incidentName(one) }))]} />
                </Field>
            )}
            <Field label={t("act_why")} hint={t("act_why_hint")}><TextArea value={why} rows={2} onInput={(event) => setWhy(event.currentTarget.value)} /></Field>
            {error && !["words", "count", "effect", "voice", "place", "date"].includes(error.field) && <p class="wrong-words" role="alert"><bdi>{error.words}</bdi></p>}
        </form>
    );
}
