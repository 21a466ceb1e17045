/* Says that voices are one and what it is called: an act of a reviewer, which can be undone. */
import { useState } from "preact/hooks";
import { act } from "../../acts";
import { ActDialog } from "../../ActDialog";
import { t } from "../../i18n";
import { Field, Input, Select } from "../../ui";
import { NAMED_VOICE_KINDS, optionsOf, voiceKind } from "../../vocabulary";
import { voiceName, type VoiceRow } from "./shapes";

type Named = Pick<VoiceRow, "key" | "name" | "name_ar" | "told" | "outlet" | "described" | "kind">;

export function Naming({ voices, onClose, onDone }: { voices: Named[]; onClose: () => void; onDone: () => void }) {
    const first = voices[0]!;
    const [name, setName] = useState(first.name ?? "");
    const [arabic, setArabic] = useState(first.name_ar ?? "");
    const [kind, setKind] = useState(first.kind);
    const merging = voices.length > 1;
    const values = [name.trim() && `name=${name.trim()}`, arabic.trim() && `name_ar=${arabic.trim()}`, kind && `kind=${kind}`].filter(Boolean);
    return (
        <ActDialog onClose={onClose} onDone={onDone} title={merging ? t("naming_merge") : t("naming_name")} verb={merging ? t("naming_merge_do") : t("naming_do")} ready={Boolean(name.trim() || arabic.trim())}
            say={(why, key) => act("name", voices.map((voice) => voice.key), values, why, key)}>
            {merging && <><p>{t("naming_merge_hint")}</p><ul class="naming-list">{voices.map((voice) => <li key={voice.key}><bdi>{voiceName(voice)}</bdi></li>)}</ul></>}
            <Field label={t("naming_english")}><Input lang="en" dir="ltr" value={name} onInput={(event) => setName(event.currentTarget.value)} /></Field>
            <Field label={t("naming_arabic")}><Input lang="ar" dir="rtl" value={arabic} onInput={(event) => setArabic(event.currentTarget.value)} /></Field>
            <Field label={t("naming_kind")}><Select value={kind} onValue={setKind} options={optionsOf([...new Set([first.kind, ...NAMED_VOICE_KINDS])], voiceKind)} /></Field>
        </ActDialog>
    );
}
