/* An act whose words are not found any more: what it was, of which words, and what can be done about it. */
import { useState } from "preact/hooks";
import { undo } from "../../acts";
import { documentHref } from "../../base";
import { date, named, t } from "../../i18n";
import { may } from "../../session";
import { shown } from "../../text";
import { Button, Chip } from "../../ui";
import { actName } from "../../vocabulary";
import type { QueueItem } from "./shapes";

export function Lost({ item, onDone }: { item: QueueItem; onDone: () => void }) {
    const [busy, setBusy] = useState(false);
    const lost = item.act!;
    return (
        <article class="case" aria-label={t("review_case")}>
            <header class="case-head">
                <p class="row"><Chip tone="disputed">{named("reason", "lost")}</Chip><span class="quiet">{named("lost", lost.reason)}</span></p>
                <h2>{t("review_lost_act", { what: actName(lost.kind), who: shown(lost.who) })} <span class="quiet">{date(lost.time)}</span></h2>
                {lost.why && <p dir="auto">{shown(lost.why)}</p>}
            </header>
            {lost.quote && <blockquote class="evidence" dir="auto">{shown(lost.before ?? "")}<mark>{shown(lost.quote)}</mark>{shown(lost.after ?? "")}</blockquote>}
            <p>{t("review_lost_hint")}</p>
            <div class="row">
                {lost.document && <a href={documentHref(lost.document)}>{t("review_lost_document")}</a>}
                {may("review") && <Button icon="undo" busy={busy} onClick={() => { setBusy(true); void undo([lost.act]).then(onDone).finally(() => setBusy(false)); }}>{t("review_lost_undo")}</Button>}
            </div>
        </article>
    );
}
