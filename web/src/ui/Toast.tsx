/* Short words on what was done, with a way to undo it. Read aloud when they come; those with a button stay longer. */
import { signal } from "@preact/signals";
import { t } from "../i18n";
import { Button, IconButton } from "./basics";

interface Note {
    id: number;
    words: string;
    wrong: boolean;
    action?: { label: string; run: () => void } | undefined;
}

const notes = signal<Note[]>([]);
let last = 0;
const drop = (id: number): void => void (notes.value = notes.value.filter((note) => note.id !== id));

export function toast(words: string, options: { wrong?: boolean; action?: { label: string; run: () => void } } = {}): void {
    const id = ++last;
    notes.value = [...notes.value.slice(-2), { id, words, wrong: options.wrong ?? false, action: options.action }];
    if (!options.wrong) {
        setTimeout(() => drop(id), options.action ? 15000 : 6000);
    }
}

export function Toasts() {
    return (
        <div class="toasts" role="status" aria-live="polite">
            {notes.value.map((note) => (
                <div key={note.id} class={note.wrong ? "toast wrong" : "toast"}>
                    <bdi>{note.words}</bdi>
                    {note.action && <Button kind="quiet" small onClick={() => (drop(note.id), note.action!.run())}>{note.action.label}</Button>}
                    <IconButton icon="close" label={t("close")} onClick={() => drop(note.id)} />
                </div>
            ))}
        </div>
    );
}
