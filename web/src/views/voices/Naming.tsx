/* Says that voices are one and what it is called: an act of a reviewer, which can be undone. */
import { useState } from "preact/hooks";
import { postOnce } from "../../api";
import { t } from "../../i18n";
import { Button, Dialog, errorWords, Field, Input, Select, toast } from "../../ui";
import { NAMED_VOICE_KINDS, optionsOf, voiceKind } from "../../vocabulary";
import { voiceName, type VoiceRow } from "./shapes";

type Named = Pick<VoiceRow, "key" | "name" | "name_ar" | "told" | "outlet" | "described" | "kind">;

export function Naming({ voices, onClose, onDone }: { voices: Named[]; onClose: () => void; onDone: () => void }) {
    const first = voices[0]!;
    const [name, setName] = useState(first.name ?? "");
    const [arabic, setArabic] = useState(first.name_ar ?? "");
    const [kind, setKind] = useState(first.kind);
    const [why, setWhy] = useState("");
    const [busy, setBusy] = useState(false);
    const [wrong, setWrong] = useState("");
    const merging = voices.length > 1;

    async function undo(acts: number[]): Promise<void> {
        try {
            await postOnce("acts/undo", { acts });
            onDone();
        } catch (error) {
            toast(errorWords(error), { wrong: true });
        }
    }

    async function save(event: Event): Promise<void> {
        event.preventDefault();
        setBusy(true);
        setWrong("");
        const values = [name.trim() && `name=${name.trim()}`, arabic.trim() && `name_ar=${arabic.trim()}`, kind && `kind=${kind}`].filter(Boolean);
        try {
            const done = await postOnce<{ first?: number; last?: number; proposal?: string | null }>("acts", { kind: "name", ids: voices.map((voice) => voice.key), values, why });
            const { first: from, last: to } = done;
            toast(done.proposal ? t("naming_proposed") : t("naming_done"), from && to
                ? { action: { label: t("naming_undo"), run: () => void undo(Array.from({ length: to - from + 1 }, (_, i) => from + i)) } } : {});
            onDone();
            onClose();
        } catch (error) {
            setWrong(errorWords(error));
            setBusy(false);
        }
    }

    return (
        <Dialog title={merging ? t("naming_merge") : t("naming_name")} onClose={onClose} actions={<>
            <Button onClick={onClose}>{t("naming_leave")}</Button>
            <Button kind="strong" type="submit" form="naming" busy={busy} disabled={!name.trim() && !arabic.trim()}>{merging ? t("naming_merge_do") : t("naming_do")}</Button>
        </>}>
            <form id="naming" class="stack naming" onSubmit={(event) => void save(event)}>
                {merging && <><p>{t("naming_merge_hint")}</p><ul class="naming-list">{voices.map((voice) => <li key={voice.key}><bdi>{voiceName(voice)}</bdi></li>)}</ul></>}
                <Field label={t("naming_english")}><Input lang="en" dir="ltr" value={name} onInput={(event) => setName(event.currentTarget.value)} /></Field>
                <Field label={t("naming_arabic")}><Input lang="ar" dir="rtl" value={arabic} onInput={(event) => setArabic(event.currentTarget.value)} /></Field>
                <Field label={t("naming_kind")}><Select value={kind} onValue={setKind} options={optionsOf([...new Set([first.kind, ...NAMED_VOICE_KINDS])], voiceKind)} /></Field>
                <Field label={t("naming_why")} hint={t("naming_why_hint")}><Input value={why} onInput={(event) => setWhy(event.currentTarget.value)} /></Field>
                {wrong && <p class="wrong-words" role="alert"><bdi>{wrong}</bdi></p>}
            </form>
        </Dialog>
    );
}
