/* A dialog in which a reviewer says something (acts.ts): finished by Enter, with the reason where one is asked for. */
import type { ComponentChildren } from "preact";
import { useId, useRef, useState } from "preact/hooks";
import { ApiError, newKey } from "./api";
import { t } from "./i18n";
import { Button, Dialog, errorWords, Field, Input } from "./ui";

interface ActDialogProps {
    title: string;
    verb: string;
    danger?: boolean;
    onClose: () => void;
    onDone: () => void;
    /* Says it; what it throws is shown. */
    say: (why: string, key: string) => Promise<unknown>;
    ready?: boolean;
    /* Whether the reason may be left out, or is not asked for at all. */
    why?: "asked" | "needed" | "none";
    children?: ComponentChildren;
}

/* Sent again under the same key after a failure, so that what was dropped acts once. */
export function ActDialog({ title, verb, danger, onClose, onDone, say, ready = true, why: asks = "asked", children }: ActDialogProps) {
    const [why, setWhy] = useState("");
    const [busy, setBusy] = useState(false);
    const [wrong, setWrong] = useState("");
    const key = useRef(newKey());
    const id = useId();
    const fit = ready && (asks !== "needed" || why.trim() !== "");
    const send = async (event: Event) => {
        event.preventDefault();
        if (busy || !fit) {
            return;
        }
        setBusy(true);
        setWrong("");
        try {
            await say(why, key.current);
            onDone();
            onClose();
        } catch (error) {
            if (error instanceof ApiError && error.status !== 0) {
                key.current = newKey();
            }
            setWrong(errorWords(error));
            setBusy(false);
        }
    };
    return (
        <Dialog title={title} onClose={onClose} actions={<><Button onClick={onClose}>{t("cancel")}</Button><Button kind={danger ? "danger" : "strong"} type="submit" form={id} busy={busy} disabled={!fit}>{verb}</Button></>}>
            <form id={id} class="stack act-form" onSubmit={(event) => void send(event)}>
                {children}
                {asks !== "none" && <Field label={t("act_why")} hint={t("act_why_hint")}><Input name="why" value={why} onInput={(event) => setWhy(event.currentTarget.value)} /></Field>}
                {wrong && <p class="wrong-words" role="alert"><bdi>{wrong}</bdi></p>}
            </form>
        </Dialog>
    );
}
