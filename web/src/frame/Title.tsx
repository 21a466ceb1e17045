import { useEffect } from "preact/hooks";
import { t } from "../i18n";
import { shown } from "../text";

/* The title of a view: its first heading, which takes the focus after a move, and the window's title. */
export function Title({ words, hidden, lang }: { words: string; hidden?: boolean; lang?: string | null | undefined }) {
    const text = shown(words);
    const name = t("name");
    useEffect(() => void (document.title = `${text} · ${name}`), [text, name]);
    return <h1 tabIndex={-1} dir="auto" lang={lang ?? undefined} class={hidden ? "unseen" : undefined}>{text}</h1>;
}
