/* A dialog over the page: the browser's own, which keeps the focus in, closes by Escape and gives the focus back. */
import type { ComponentChildren } from "preact";
import { useId, useLayoutEffect, useRef } from "preact/hooks";
import { t } from "../i18n";
import { IconButton } from "./basics";

/* A form begins in its first field, not at the button that closes it. */
const FIRST = "form :is(input:checked, input:not([type=radio], :disabled), select, textarea:not([readonly]))";

interface DialogProps {
    title: string;
    onClose: () => void;
    children: ComponentChildren;
    /* The buttons at its foot. */
    actions?: ComponentChildren;
    class?: string;
    /* The title is for screen readers alone. */
    bare?: boolean;
}

export function Dialog({ title, onClose, children, actions, bare, class: own }: DialogProps) {
    const element = useRef<HTMLDialogElement>(null);
    const id = useId();
    useLayoutEffect(() => {
        const dialog = element.current!;
        const before = document.activeElement;
        if (!dialog.open) {
            dialog.showModal();
            (dialog.querySelector<HTMLElement>("[autofocus]") ?? dialog.querySelector<HTMLElement>(FIRST))?.focus();
        }
        return () => {
            dialog.close();
            if (before instanceof HTMLElement && before.isConnected) {
                before.focus();
            }
        };
    }, []);
    return (
        <dialog ref={element} class={["dialog", own].filter(Boolean).join(" ")} aria-labelledby={id}
            onCancel={(event) => (event.preventDefault(), onClose())}
            onMouseDown={(event) => event.target === element.current && onClose()}>
            <div class="dialog-sheet">
                <header class={bare ? "unseen" : "dialog-head"}>
                    <h2 id={id}>{title}</h2>
                    {!bare && <IconButton icon="close" label={t("close")} onClick={onClose} />}
                </header>
                <div class="dialog-body">{children}</div>
                {actions && <footer class="dialog-foot">{actions}</footer>}
            </div>
        </dialog>
    );
}
