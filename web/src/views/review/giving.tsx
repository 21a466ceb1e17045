/* Gives incidents a grade, or somebody who looks at them: one of them or several at once. */
import { useEffect, useId, useState } from "preact/hooks";
import { act } from "../../acts";
import { ActDialog } from "../../ActDialog";
import { askGrades, grades } from "../../grades";
import { t } from "../../i18n";
import { user } from "../../session";
import { language } from "../../settings";
import { shown } from "../../text";
import { Field, Input, Loading } from "../../ui";

interface GivingProps {
    ids: readonly string[];
    onClose: () => void;
    onDone: () => void;
}

export function GradeDialog({ ids, now, ...rest }: GivingProps & { now?: string | null }) {
    const [grade, setGrade] = useState(now ?? "");
    useEffect(askGrades, []);
    return (
        <ActDialog {...rest} title={t("grade_title_of", { count: ids.length })} verb={t("review_grade_do")} ready={grade !== ""} say={(why, key) => act("grade", ids, [grade], why, key)}>
            {!grades.value.length ? <Loading /> : (
                <fieldset class="review-grades">
                    <legend class="unseen">{t("review_grade")}</legend>
                    {grades.value.map((one) => (
                        <label key={one.grade} class="review-grade">
                            <input type="radio" name="grade" value={one.grade} checked={grade === one.grade} onChange={() => setGrade(one.grade)} />
                            <span><b><bdi>{shown(language.value === "ar" ? one.ar : one.en)}</bdi></b>{one.says && <span class="quiet small-words" dir="auto">{shown(one.says)}</span>}</span>
                        </label>
                    ))}
                    <label class="review-grade"><input type="radio" name="grade" value="none" checked={grade === "none"} onChange={() => setGrade("none")} /><span>{t("review_no_grade")}</span></label>
                </fieldset>
            )}
        </ActDialog>
    );
}

export function AssignDialog({ ids, now, known = [], ...rest }: GivingProps & { now?: string | null; known?: readonly string[] }) {
    const [name, setName] = useState(now ?? user.value?.name ?? "");
    const id = useId();
    return (
        <ActDialog {...rest} title={t("assign_title_of", { count: ids.length })} verb={t("review_assign_do")} say={(why, key) => act("assign", ids, [name.trim() || "none"], why, key)}>
            <Field label={t("review_assignee")} hint={t("review_assignee_hint")}><Input name="assignee" autofocus autocomplete="off" list={known.length ? id : undefined} value={name} onInput={(event) => setName(event.currentTarget.value)} /></Field>
            {known.length > 0 && <datalist id={id}>{known.map((one) => <option key={one} value={one} />)}</datalist>}
        </ActDialog>
    );
}
