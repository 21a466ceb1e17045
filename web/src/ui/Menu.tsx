/* What opens at a button: a menu of actions, or a popover with anything in it. */
import type { ComponentChildren } from "preact";
import { useId, useLayoutEffect, useRef, useState } from "preact/hooks";
import { Icon, type IconName } from "./Icon";

/* Closes at a press outside, at Escape (which gives the focus back) and when the focus leaves. */
function useOpen() {
    const [open, setOpen] = useState(false);
    const around = useRef<HTMLDivElement>(null);
    const trigger = useRef<HTMLButtonElement>(null);
    // With what is drawn, not after it: an Escape pressed at once counts.
    useLayoutEffect(() => {
        if (!open) {
            return;
        }
        const outside = (event: Event) => event.target instanceof Node && !around.current?.contains(event.target) && setOpen(false);
        const escape = (event: KeyboardEvent) => {
            if (event.key === "Escape") {
                event.preventDefault();
                event.stopPropagation();
                setOpen(false);
                trigger.current?.focus();
            }
        };
        document.addEventListener("pointerdown", outside);
        document.addEventListener("focusin", outside);
        document.addEventListener("keydown", escape, true);
        return () => {
            document.removeEventListener("pointerdown", outside);
            document.removeEventListener("focusin", outside);
            document.removeEventListener("keydown", escape, true);
        };
    }, [open]);
    return { open, setOpen, around, trigger };
}

interface OpenerProps {
    /* What the button shows; with an icon alone, `label` is its name. */
    children?: ComponentChildren;
    label: string;
    icon?: IconName;
    /* Which end of the button it hangs at. */
    align?: "start" | "end";
    buttonClass?: string;
}

export function Popover({ children, label, icon, align = "start", buttonClass = "button plain", content }: OpenerProps & { content: (close: () => void) => ComponentChildren }) {
    const { open, setOpen, around, trigger } = useOpen();
    const id = useId();
    const close = () => (setOpen(false), trigger.current?.focus());
    return (
        <div class="opener" ref={around}>
            <button ref={trigger} type="button" class={buttonClass} aria-expanded={open} aria-controls={open ? id : undefined} aria-label={children ? undefined : label} title={children ? undefined : label} onClick={() => setOpen(!open)}>
                {icon && <Icon name={icon} />}{children}
            </button>
            {open && <div id={id} class={`popover at-${align}`} role="group" aria-label={label}>{content(close)}</div>}
        </div>
    );
}

export interface MenuItem {
    label: string;
    icon?: IconName;
    /* One of the two: what it does, or where it leads. */
    run?: () => void;
    href?: string;
    /* A choice that is on or off. */
    checked?: boolean;
    /* Of several choices one: drawn as such. */
    group?: string;
    danger?: boolean;
    keepOpen?: boolean;
}

/* Items under headings; the arrow keys, Home, End and the first letters move among them. */
export function Menu({ children, label, icon, align = "start", buttonClass = "button plain", sections }: OpenerProps & { sections: readonly { title?: string; items: readonly MenuItem[] }[] }) {
    const { open, setOpen, around, trigger } = useOpen();
    const list = useRef<HTMLDivElement>(null);
    const id = useId();
    const items = () => [...(list.current?.querySelectorAll<HTMLElement>("[role^=menuitem]") ?? [])];
    useLayoutEffect(() => void (open && items()[0]?.focus()), [open]);
    const move = (event: KeyboardEvent) => {
        const all = items();
        const at = all.indexOf(document.activeElement as HTMLElement);
        const next = { ArrowDown: at + 1, ArrowUp: at - 1 + (at < 1 ? all.length : 0), Home: 0, End: all.length - 1 }[event.key];
        if (next !== undefined) {
            event.preventDefault();
            all[next % all.length]?.focus();
        } else if (event.key === "Tab") {
            setOpen(false);
        } else if (event.key.length === 1 && event.key !== " " && !event.ctrlKey && !event.metaKey) {
            const letter = event.key.toLocaleLowerCase();
            [...all.slice(at + 1), ...all.slice(0, at + 1)].find((item) => item.textContent?.trim().toLocaleLowerCase().startsWith(letter))?.focus();
        }
    };
    const chosen = (item: MenuItem) => {
        if (!item.keepOpen) {
            setOpen(false);
            trigger.current?.focus();
        }
        item.run?.();
    };
    const inside = (item: MenuItem) => (
        <>
            <span class="menu-sign">{item.checked ? <Icon name="check" size={16} /> : item.icon && <Icon name={item.icon} size={16} />}</span>
            <span>{item.label}</span>
        </>
    );
    return (
        <div class="opener" ref={around}>
            <button ref={trigger} type="button" class={buttonClass} aria-haspopup="menu" aria-expanded={open} aria-controls={open ? id : undefined} aria-label={children ? undefined : label} title={children ? undefined : label}
                onClick={() => setOpen(!open)} onKeyDown={(event) => event.key === "ArrowDown" && (event.preventDefault(), setOpen(true))}>
                {icon && <Icon name={icon} />}{children}
            </button>
            {open && (
                <div id={id} ref={list} class={`popover menu at-${align}`} role="menu" aria-label={label} onKeyDown={move}>
                    {sections.map((section, i) => (
                        <div key={i} role="group" aria-label={section.title} class="menu-section">
                            {section.title && <p class="menu-title" aria-hidden="true">{section.title}</p>}
                            {section.items.map((item) => item.href
                                ? <a key={item.label} role="menuitem" tabIndex={-1} href={item.href} onClick={() => setOpen(false)}>{inside(item)}</a>
                                : <button key={item.label} type="button" tabIndex={-1} class={item.danger ? "danger" : undefined}
                                    role={item.checked === undefined ? "menuitem" : item.group ? "menuitemradio" : "menuitemcheckbox"} aria-checked={item.checked}
                                    onClick={() => chosen(item)}>{inside(item)}</button>)}
                        </div>
                    ))}
                </div>
            )}
        </div>
    );
}
