/* What is marked in the text, each kind with its own line; a press switches it. */
import { signal } from "@preact/signals";
import { named, t } from "../../i18n";
import { keep, kept } from "../../kept";
import { KINDS, type MarkKind } from "../../reading/shape";

function chosenBefore(): ReadonlySet<MarkKind> {
    const names = kept("marks")?.split(",");
    return new Set<MarkKind>(names ? KINDS.filter((kind) => names.includes(kind)) : ["count", "voice"]);
}

export const kindsShown = signal<ReadonlySet<MarkKind>>(chosenBefore());

function toggle(kind: MarkKind): void {
    const next = new Set(kindsShown.value);
    if (!next.delete(kind)) {
        next.add(kind);
    }
    kindsShown.value = next;
    keep("marks", [...next].join());
}

export function Legend() {
    return (
        <div class="doc-legend" role="group" aria-label={t("doc_marked")}>
            {KINDS.map((kind) => (
                <button key={kind} type="button" class="legend-kind" aria-pressed={kindsShown.value.has(kind)} onClick={() => toggle(kind)}>
                    <span class={kind === "count" ? "in-count effect-killed" : `mark-${kind}`}>{named("mark", kind)}</span>
                </button>
            ))}
        </div>
    );
}
