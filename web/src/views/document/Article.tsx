/* The article as it was read: its text with what was marked in it, and a toolbar at the words that are selected. */
import { useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { told } from "../../figures";
import { t } from "../../i18n";
import { ArticleText } from "../../reading/ArticleText";
import { may } from "../../session";
import { shown, spanOfRange, type CodePoints, type Span } from "../../text";
import { Button, useShortcuts } from "../../ui";
import { effectName } from "../../vocabulary";
import { figureId } from "./Claims";
import type { Draft, Filled } from "./ClaimForm";
import type { Whole } from "./data";
import { kindsShown, Legend } from "./Legend";

interface Selected {
    span: Span;
    /* Where the toolbar stands, in the article's box. */
    top: number;
    left: number;
}

function selectedIn(root: HTMLElement | null, points: CodePoints): Selected | null {
    const selection = getSelection();
    if (!root || !selection?.rangeCount || selection.isCollapsed || !selection.containsNode(root, true)) {
        return null;
    }
    const range = selection.getRangeAt(0);
    const span = spanOfRange(root, points, range);
    if (!span) {
        return null;
    }
    const box = root.getBoundingClientRect();
    const lines = range.getClientRects();
    const at = lines[lines.length - 1] ?? range.getBoundingClientRect();
    return { span, top: at.bottom - box.top + 6, left: Math.max(0, Math.min(at.left - box.left, box.width - 220)) };
}

/* The selection in an element, as it stands once it has not changed for a moment. */
function useSelection(root: { current: HTMLElement | null }, points: CodePoints, wanted: boolean): [Selected | null, () => void] {
    const [selected, setSelected] = useState<Selected | null>(null);
    useLayoutEffect(() => {
        if (!wanted) {
            return;
        }
        let timer = 0;
        const changed = () => {
            clearTimeout(timer);
            timer = window.setTimeout(() => setSelected(selectedIn(root.current, points)), 80);
        };
        document.addEventListener("selectionchange", changed);
        return () => {
            clearTimeout(timer);
            document.removeEventListener("selectionchange", changed);
        };
    }, [points, wanted]);
    return [selected, () => (getSelection()?.removeAllRanges(), setSelected(null))];
}

interface ArticleProps {
    whole: Whole;
    points: CodePoints;
    lit: number | null;
    onLit: (claim: number | null) => void;
    onClaim: (claim: number) => void;
    draft: Draft | null;
    onDraft: (draft: Draft) => void;
}

export function Article({ whole, points, lit, onLit, onClaim, draft, onDraft }: ArticleProps) {
    const root = useRef<HTMLDivElement>(null);
    const reviews = may("review");
    const [selected, clear] = useSelection(root, points, reviews);
    const chosen = useMemo(() => (draft?.span ? [draft.span] : []), [draft?.span]);
    const rejected = useMemo(() => new Set(whole.claims.flatMap((claim, i) => (claim.counted?.verdict === "rejected" ? [i] : []))), [whole]);
    const inside = selected ? whole.claims.flatMap((claim, i) => (claim.count && claim.count.start < selected.span.end && claim.count.end > selected.span.start ? [i] : [])) : [];
    const open = (next: Draft) => (clear(), onDraft(next));
    const add = () => {
        const now = selectedIn(root.current, points) ?? selected;
        open({ claim: null, span: now?.span ?? null, fills: null, taken: null });
    };
    const take = (field: Filled) => selected && draft && open({
        ...draft, fills: null, span: field === "figure" ? selected.span : draft.span,
        taken: { field, span: selected.span, text: shown(points.slice(selected.span.start, selected.span.end)).replace(/\s+/g, " ") },
    });
    useShortcuts(reviews ? [{ keys: "c", label: "doc_key_add", run: add }] : []);
    const light = (claim: number | null) => getSelection()?.isCollapsed !== false && onLit(claim);
    const fields: Filled[] = !draft ? [] : draft.fills ? [draft.fills] : draft.claim === null ? ["figure", "voice", "place"] : ["voice", "place"];
    return (
        <section class="article" aria-label={t("doc_article")}>
            <Legend />
            <div class="article-box">
                <ArticleText reading={whole.reading} lit={lit} onLit={light} ids="figure" claimHref={(i) => "#" + figureId(i)} onClaim={onClaim} kinds={kindsShown.value} chosen={chosen} rejected={rejected} root={root} />
                {selected && (
                    <div class="selection-bar" role="toolbar" aria-label={t("doc_selected_words")} style={{ top: `${selected.top}px`, left: `${selected.left}px` }} onMouseDown={(event) => event.preventDefault()}>
                        {draft
                            ? fields.map((field) => <Button key={field} small kind="quiet" onClick={() => take(field)}>{t("doc_use_" + field)}</Button>)
                            : <>
                                {inside.slice(0, 3).map((i) => (
                                    <Button key={i} small kind="quiet" icon="edit" onClick={() => open({ claim: i, span: whole.claims[i]!.count, fills: null, taken: null })}>
                                        {t("doc_correct_this", { what: `${effectName(whole.claims[i]!.effect)} ${told({ ...whole.claims[i]!, class: null, group: null })}` })}
                                    </Button>
                                ))}
                                <Button small kind="quiet" icon="add" onClick={add}>{t("doc_add_claim")}</Button>
                            </>}
                    </div>
                )}
            </div>
            {whole.reading.truncated && <p class="quiet small-words">{t("doc_truncated")}</p>}
        </section>
    );
}
