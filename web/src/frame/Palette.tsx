/* The command palette (Ctrl-K): to every view, to a search, and whatever the view that stands offers. */
import { signal } from "@preact/signals";
import { useEffect, useId, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { t } from "../i18n";
import { go } from "../router";
import { Dialog, Icon, Kbd, type IconName } from "../ui";

interface Command {
    label: string;
    icon?: IconName;
    keys?: string;
    run: () => void;
}

export const paletteOpen = signal(false);
const offered = signal<readonly Command[]>([]);

/* Offers commands while a view stands. */
export function useCommands(commands: readonly Command[]): void {
    const latest = useRef(commands);
    latest.current = commands;
    useLayoutEffect(() => {
        const mine = latest.current.map((command, i): Command => ({ ...command, run: () => latest.current[i]?.run() }));
        offered.value = [...offered.value, ...mine];
        return () => void (offered.value = offered.value.filter((command) => !mine.includes(command)));
    }, [commands.map((command) => command.label).join("\n")]);
}

/* Without case, harakat and the forms of hamza: how one types is not how it is written. */
const plain = (text: string): string =>
    text.normalize("NFKD").replace(/[\u0300-\u036f\u064b-\u065f\u0670\u0640]/g, "").replace(/[\u0622\u0623\u0625\u0671]/g, "\u0627").replace(/\u0649/g, "\u064a").replace(/\u0629/g, "\u0647").toLowerCase();

function ranked(commands: readonly Command[], text: string): Command[] {
    const words = plain(text).split(/\s+/).filter(Boolean);
    return commands.filter((command) => words.every((word) => plain(command.label).includes(word)));
}

function PaletteDialog() {
    const [text, setText] = useState("");
    const [at, setAt] = useState(0);
    const id = useId();
    const list = useRef<HTMLUListElement>(null);
    const close = () => void (paletteOpen.value = false);
    const found = useMemo(() => {
        const asked = text.trim();
        const search: Command[] = asked ? [{ label: t("palette_search", { text: asked }), icon: "search", run: () => go("incidents", { text: asked }) }] : [];
        return [...ranked([...offered.value].reverse(), asked), ...search];
    }, [text, offered.value]);
    const run = (command: Command | undefined) => {
        if (command) {
            close();
            setTimeout(command.run); // after the dialog has given the focus back
        }
    };
    const key = (event: KeyboardEvent) => {
        const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
        if (step) {
            event.preventDefault();
            setAt((at + step + found.length) % Math.max(1, found.length));
        } else if (event.key === "Enter" && !event.isComposing) {
            event.preventDefault();
            run(found[at]);
        }
    };
    useEffect(() => list.current?.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" }), [at, found]);
    return (
        <Dialog title={t("palette_title")} onClose={close} bare class="palette">
            <div class="palette-field">
                <Icon name="search" />
                <input class="palette-input" autofocus dir="auto" role="combobox" aria-label={t("palette_title")} aria-expanded="true" aria-controls={id} aria-autocomplete="list"
                    aria-activedescendant={found.length ? `${id}-${at}` : undefined} placeholder={t("palette_hint")} value={text}
                    onInput={(event) => (setText(event.currentTarget.value), setAt(0))} onKeyDown={key} />
                <Kbd keys="escape" />
            </div>
            <ul ref={list} id={id} role="listbox" aria-label={t("palette_title")} class="palette-list">
                {found.map((command, i) => (
                    <li key={command.label} id={`${id}-${i}`} role="option" aria-selected={i === at} onPointerMove={() => setAt(i)} onClick={() => run(command)}>
                        <span class="menu-sign">{command.icon && <Icon name={command.icon} size={16} />}</span>
                        <span class="palette-words" dir="auto">{command.label}</span>
                        {command.keys && <Kbd keys={command.keys} />}
                    </li>
                ))}
            </ul>
            {!found.length && <p class="palette-none">{t("palette_none")}</p>}
        </Dialog>
    );
}

export const Palette = () => (paletteOpen.value ? <PaletteDialog /> : null);
