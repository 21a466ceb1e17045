/* What reviewers do with several incidents at once: POST /acts, which can be taken back. */
import { useRef, useState } from "preact/hooks";
import { post, postOnce } from "../../api";
import { number, t } from "../../i18n";
import { user } from "../../session";
import { Button, Dialog, errorWords, Field, IconButton, Input, toast } from "../../ui";
import { grades, gradeName } from "./grades";

interface Acted {
    first: number | null;
    last: number | null;
    proposal: number | null;
}

type Kind = "assign" | "grade";

async function act(kind: Kind, ids: readonly string[], value: string, key: string, done: () => void): Promise<void> {
    const answer = await postOnce<Acted>("acts", { kind, ids, values: [value], why: "" }, key);
    done();
    if (answer.proposal !== null && answer.proposal !== undefined) {
        toast(t("bulk_proposed"));
        return;
    }
    const undo = async () => {
        const acts = Array.from({ length: answer.last! - answer.first! + 1 }, (_, i) => answer.first! + i);
        await post("acts/undo", { acts });
        done();
    };
    toast(t(kind === "assign" ? "bulk_assigned" : "bulk_graded", { count: ids.length }), {
        action: { label: t("undo"), run: () => void undo().catch((error: unknown) => toast(errorWords(error), { wrong: true })) },
    });
}

interface AskProps {
    kind: Kind;
    ids: readonly string[];
    values: readonly string[];
    onClose: () => void;
    onDone: () => void;
}

function Ask({ kind, ids, values, onClose, onDone }: AskProps) {
    const [value, setValue] = useState(kind === "assign" ? (user.value?.name ?? "") : "");
    const [busy, setBusy] = useState(false);
    const [wrong, setWrong] = useState("");
    const key = useRef(crypto.randomUUID());
    const send = async (given: string) => {
        setBusy(true);
        try {
            await act(kind, ids, given, key.current, onDone);
            onClose();
        } catch (error) {
            setWrong(errorWords(error));
            setBusy(false);
        }
    };
    const label = t(kind === "assign" ? "bulk_assignee" : "bulk_grade");
    return (
        <Dialog title={t(kind === "assign" ? "bulk_assign_title" : "bulk_grade_title", { count: ids.length })} onClose={onClose}
            actions={<><Button onClick={() => void send("none")} busy={busy}>{t(kind === "assign" ? "bulk_assign_none" : "bulk_grade_none")}</Button><Button kind="strong" busy={busy} disabled={!value.trim()} onClick={() => void send(value.trim())}>{t("bulk_do")}</Button></>}>
            <form onSubmit={(event) => (event.preventDefault(), value.trim() && void send(value.trim()))}>
                <Field label={label} error={wrong}>
                    <Input value={value} autofocus list="bulk-values" autocomplete="off" onInput={(event) => setValue(event.currentTarget.value)} />
                </Field>
                <datalist id="bulk-values">{values.map((known) => <option key={known} value={known} label={kind === "grade" ? gradeName(known) : known} />)}</datalist>
            </form>
        </Dialog>
    );
}

export function Bulk({ ids, assignees, clear, onDone }: { ids: readonly string[]; assignees: readonly string[]; clear: () => void; onDone: () => void }) {
    const [kind, setKind] = useState<Kind | null>(null);
    if (!ids.length) {
        return null;
    }
    const values = kind === "grade" ? grades.value.map((grade) => grade.grade) : assignees;
    return (
        <div class="bulk" role="group" aria-label={t("bulk_label")}>
            <span role="status" class="bulk-count">{t("bulk_count", { count: ids.length, n: number(ids.length) })}</span>
            <Button small icon="user" onClick={() => setKind("assign")}>{t("bulk_assign")}</Button>
            <Button small icon="flag" onClick={() => setKind("grade")}>{t("bulk_grade_do")}</Button>
            <IconButton icon="close" label={t("bulk_clear")} onClick={clear} />
            {kind && <Ask kind={kind} ids={ids} values={values} onClose={() => setKind(null)} onDone={onDone} />}
        </div>
    );
}
