/* What is marked in the text, each kind with its own line; a press switches it. */
import { signal } from "@preact/signals";
import { named, t } from "../../i18n";
import { KINDS, type MarkKind } from "../../reading/shape";

const KEPT = "isnad-marks";

function kept(): ReadonlySet<MarkKind> {
    try {
        const names = localStorage.getItem(KEPT)?.split(",");
        return new Set<MarkKind>(names ? KINDS.filter((kind) => names.includes(kind)) : ["count", "voice"]);
    } catch {
        return new Set<MarkKind>(["count", "voice"]);
    }
}

export const kindsShown = signal<ReadonlySet<MarkKind>>(kept());

function toggle(kind: MarkKind): void {
    const next = new Set(kindsShown.value);
    if (!next.delete(kind)) {
        next.add(kind);
    }
    kindsShown.value = next;
    try {
        localStorage.setItem(KEPT, [...next].join());
    } catch {
        // holds for this page
    }
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
