/* What reviewers do with several incidents at once. */
import { useState } from "preact/hooks";
import { t } from "../../i18n";
import { Button, IconButton } from "../../ui";
import { AssignDialog, GradeDialog } from "../review/giving";

export function Bulk({ ids, assignees, clear }: { ids: readonly string[]; assignees: readonly string[]; clear: () => void }) {
    const [open, setOpen] = useState<"assign" | "grade" | null>(null);
    if (!ids.length) {
        return null;
    }
    const props = { ids, onClose: () => setOpen(null), onDone: clear };
    return (
        <div class="bulk" role="group" aria-label={t("bulk_label")}>
            <span role="status" class="bulk-count">{t("bulk_count", { count: ids.length })}</span>
            <Button small icon="user" onClick={() => setOpen("assign")}>{t("review_assign")}</Button>
            <Button small icon="flag" onClick={() => setOpen("grade")}>{t("review_grade")}</Button>
            <IconButton icon="close" label={t("bulk_clear")} onClick={clear} />
            {open === "assign" && <AssignDialog {...props} now="" known={assignees} />}
            {open === "grade" && <GradeDialog {...props} />}
        </div>
    );
}
