/* The page as it was archived, in a frame that may do nothing: the server's own policy for it forbids scripts, requests
 * and forms, and the frame's sandbox does so again. It is asked for when it is to be seen. */
import { useEffect, useState } from "preact/hooks";
import { downloadHref } from "../../api";
import { t } from "../../i18n";
import { Icon, Loading } from "../../ui";
import { archivePath } from "./data";

type State = "asking" | "there" | { words: string };

/* A capture that was destroyed, or is hidden, is told in words; the frame would show them as they come. */
async function look(address: string, signal: AbortSignal): Promise<State> {
    const response = await fetch(address, { signal, headers: { Accept: "text/html" } });
    if (response.ok) {
        void response.body?.cancel();
        return "there";
    }
    const told = await response.json().catch(() => null);
    return { words: String(told?.error?.message ?? response.statusText) };
}

export function Archive({ id, version }: { id: string; version: number }) {
    const address = downloadHref(archivePath(id), { version });
    const [state, setState] = useState<State>("asking");
    useEffect(() => {
        const controller = new AbortController();
        setState("asking");
        look(address, controller.signal).then(setState, () => !controller.signal.aborted && setState({ words: t("error_offline") }));
        return () => controller.abort();
    }, [address]);
    return (
        <section class="archive" aria-label={t("doc_archived")}>
            <p class="archive-note small-words"><Icon name="lock" size={14} /><span>{t("doc_archive_note")}</span></p>
            {state === "asking" && <Loading />}
            {typeof state === "object" && <p class="state" role="alert"><span class="state-title">{t("doc_archive_gone")}</span><bdi>{state.words}</bdi></p>}
            {state === "there" && <iframe class="archive-frame" sandbox="" referrerpolicy="no-referrer" src={address} title={t("doc_archived")} />}
        </section>
    );
}
