/* What keys do. A view says its own while it stands; "?" lists all that hold. Two keys after each other ("g i") and
 * "mod+k" (Ctrl, on a Mac the command key) are understood; single letters do nothing while one types, or at all where a
 * reader wishes so (who dictates, or hits keys by mistake). */
import { signal } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";
import { t } from "../i18n";
import { letterKeys } from "../settings";
import { Kbd } from "./basics";
import { Dialog } from "./Dialog";

interface Shortcut {
    keys: string;
    /* The message that tells what it does. */
    label: string;
    run: () => void;
    /* The message of the heading it stands under. */
    group?: string;
}

const active = signal<readonly Shortcut[]>([]);
export const helpOpen = signal(false);
const PAIR_MS = 1200;
let pending = "";
let pendingAt = 0;

const typing = (target: EventTarget | null): boolean =>
    target instanceof HTMLElement && (target.isContentEditable || target.matches("input:not([type=checkbox], [type=radio], [type=range]), textarea, select"));

/* What Enter does by itself where the focus is. */
const acts = (target: EventTarget | null): boolean => target instanceof Element && target.closest("a[href], button, summary") !== null;

function nameOf(event: KeyboardEvent): string {
    const key = event.key.toLowerCase();
    return (event.ctrlKey || event.metaKey ? "mod+" : "") + (event.altKey ? "alt+" : "") + key;
}

/* On an Arabic keyboard the same key gives another letter: the key's place says which is meant. */
function latinOf(event: KeyboardEvent): string {
    const found = /^Key([A-Z])$/.exec(event.code);
    return found && !/^[a-z]$/i.test(event.key) ? (event.ctrlKey || event.metaKey ? "mod+" : "") + found[1]!.toLowerCase() : nameOf(event);
}

function pressed(event: KeyboardEvent): void {
    if (event.defaultPrevented || event.isComposing || (document.querySelector("dialog[open]") && !nameOf(event).startsWith("mod+"))) {
        return;
    }
    const name = latinOf(event);
    if (!name.startsWith("mod+") && (typing(event.target) || (name === "enter" && acts(event.target)) || (name.length === 1 && !letterKeys.value))) {
        return;
    }
    const both = Date.now() - pendingAt < PAIR_MS ? `${pending} ${name}` : "";
    // The latest wins: a view's own over the frame's.
    const found = [...active.value].reverse().find((shortcut) => shortcut.keys === both) ?? [...active.value].reverse().find((shortcut) => shortcut.keys === name);
    pending = name;
    pendingAt = found ? 0 : Date.now();
    if (found) {
        event.preventDefault();
        found.run();
    }
}

export const startShortcuts = (): void => document.addEventListener("keydown", pressed);

/* The keys of a view, while it stands. */
export function useShortcuts(shortcuts: readonly Shortcut[]): void {
    const latest = useRef(shortcuts);
    latest.current = shortcuts;
    // With what is drawn, not after it: a key pressed at once counts.
    useLayoutEffect(() => {
        const mine = latest.current.map((shortcut, i): Shortcut => ({ ...shortcut, run: () => latest.current[i]?.run() }));
        active.value = [...active.value, ...mine];
        return () => void (active.value = active.value.filter((shortcut) => !mine.includes(shortcut)));
    }, [shortcuts.map((shortcut) => shortcut.keys + shortcut.label).join()]);
}

export function ShortcutHelp() {
    if (!helpOpen.value) {
        return null;
    }
    const groups = new Map<string, Shortcut[]>();
    for (const shortcut of active.value) {
        const name = shortcut.group ?? "shortcuts_here";
        groups.set(name, [...(groups.get(name) ?? []), shortcut]);
    }
    return (
        <Dialog title={t("shortcuts_title")} onClose={() => (helpOpen.value = false)}>
            <div class="shortcuts">
                {[...groups].map(([name, shortcuts]) => (
                    <section key={name}>
                        <h3>{t(name)}</h3>
                        <dl>{shortcuts.map((shortcut) => <div key={shortcut.keys}><dt>{t(shortcut.label)}</dt><dd><Kbd keys={shortcut.keys} /></dd></div>)}</dl>
                    </section>
                ))}
            </div>
        </Dialog>
    );
}
