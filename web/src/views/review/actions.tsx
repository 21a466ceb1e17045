/* What a reviewer can say of one incident: a row of buttons with their keys, the same in the queue and on the incident's
 * own page. */
import { useState } from "preact/hooks";
import { lastDone, tryAct, undo, undoWords } from "../../acts";
import { listedText, t } from "../../i18n";
import { may, session } from "../../session";
import type { Incident } from "../../shapes";
import { Button, Chip, Menu, useShortcuts } from "../../ui";
import { shown } from "../../text";
import { harm } from "../incident/words";
import { CommentDialog, MergeDialog, SplitDialog } from "./dialogs";
import { AssignDialog, GradeDialog } from "./giving";
import { usePresence } from "./presence";

type Open = "grade" | "assign" | "comment" | "merge" | "split" | null;

export const me = (): string => session.value?.user?.name ?? "";

/* Others who look at it now. */
export function Watching({ at }: { at: string }) {
    const others = usePresence(at);
    return others.length ? <Chip tone="accent" icon="eye">{t("review_watching", { names: listedText(others.map((other) => shown(other.name))), count: others.length })}</Chip> : null;
}

export function IncidentActions({ incident, onDone }: { incident: Incident; onDone: () => void }) {
    const [open, setOpen] = useState<Open>(null);
    const reviews = may("review");
    const close = () => setOpen(null);
    const say = async (kind: string, values: string[] = []) => {
        if (await tryAct(kind, [incident.id], values)) {
            onDone();
        }
    };
    const last = lastDone.value;
    const takeBack = async () => {
        if (last) {
            await undo(last.acts);
            onDone();
        }
    };
    const claim = incident.claims.find(({ id }) => last?.ids.includes(id));
    const mine = incident.assignee !== null && incident.assignee === me();
    const settled = incident.status === "settled";
    useShortcuts(reviews ? [
        { keys: "r", label: "review_grade", group: "review_keys", run: () => setOpen("grade") },
        { keys: "i", label: "review_mine", group: "review_keys", run: () => void say("assign", [mine ? "none" : me()]) },
        { keys: "t", label: "review_comment", group: "review_keys", run: () => setOpen("comment") },
        { keys: "m", label: "review_merge", group: "review_keys", run: () => setOpen("merge") },
        { keys: "s", label: "review_split", group: "review_keys", run: () => setOpen("split") },
        { keys: "d", label: "review_settle", group: "review_keys", run: () => void say("settle") },
        { keys: "mod+z", label: "review_undo", group: "review_keys", run: () => void takeBack() },
    ] : []);
    if (!reviews) {
        return null;
    }
    const props = { onClose: close, onDone };
    const ids = [incident.id];
    return (
        <div class="review-actions" role="group" aria-label={t("review_of_incident")}>
            <Button small icon="flag" onClick={() => setOpen("grade")}>{t("review_grade")}</Button>
            <Button small icon="user" onClick={() => void say("assign", [mine ? "none" : me()])}>{mine ? t("review_not_mine") : t("review_mine")}</Button>
            <Button small icon="document" onClick={() => setOpen("comment")}>{t("review_comment")}</Button>
            <Button small icon="check" disabled={settled} onClick={() => void say("settle")}>{t("review_settle")}</Button>
            <Menu label={t("review_more")} align="end" buttonClass="button plain small" sections={[{ items: [
                { label: t("review_assign"), icon: "user", run: () => setOpen("assign") },
                { label: t("review_merge"), icon: "join", run: () => setOpen("merge") },
                { label: t("review_split"), icon: "split", run: () => setOpen("split") },
                { label: incident.sensitive ? t("review_not_sensitive") : t("review_sensitive"), icon: "lock", run: () => void say("sensitive", [incident.sensitive ? "no" : "yes"]) },
            ] }]}>{t("review_more")}</Menu>
            {last && <Button small kind="quiet" icon="undo" onClick={() => void takeBack()}>{undoWords(last, claim && harm(claim))}</Button>}
            {open === "grade" && <GradeDialog {...props} ids={ids} now={incident.grade} />}
            {open === "assign" && <AssignDialog {...props} ids={ids} now={incident.assignee} />}
            {open === "comment" && <CommentDialog {...props} id={incident.id} />}
            {open === "merge" && <MergeDialog {...props} incident={incident} />}
            {open === "split" && <SplitDialog {...props} incident={incident} />}
        </div>
    );
}
