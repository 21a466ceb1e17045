/* Two texts beside each other, sentence by sentence, each in its own direction; in what was changed, the words. */
import { useState } from "preact/hooks";
import { documentHref } from "../../base";
import { outletOf } from "../../figures";
import { date, named, percent, t } from "../../i18n";
import { shown } from "../../text";
import { Checkbox, Chip, Empty, ErrorBox, Icon, Loading } from "../../ui";
import { useComparison, type Sentence, type Side } from "./data";
import { changedWords } from "./words";

const Words = ({ text, other, as }: { text: string; other: string | null; as: "ins" | "del" }) => (
    <>{(other === null ? [{ text, changed: false }] : changedWords(text, other)).map((part, i) => {
        const Mark = as;
        return part.changed ? <Mark key={i}>{shown(part.text)}</Mark> : shown(part.text);
    })}</>
);

function Cell({ sentence, side }: { sentence: Sentence; side: "before" | "after" }) {
    const own = sentence[side];
    const other = sentence[side === "before" ? "after" : "before"];
    return (
        <div class={own ? "compare-cell" : "compare-cell is-none"}>
            {own ? <p dir="auto"><Words text={own.text} other={sentence.kind === "changed" ? (other?.text ?? null) : null} as={side === "before" ? "del" : "ins"} /></p> : <span aria-hidden="true">–</span>}
        </div>
    );
}

function Head({ side, versions }: { side: Side; versions: boolean }) {
    return (
        <div class="compare-side">
            <a href={documentHref(side.id, { version: side.version })}><bdi>{shown(outletOf(side)) || t("title_document")}</bdi></a>{" "}
            {versions && <Chip>{t("doc_version", { n: side.version })}</Chip>}{" "}
            <span class="quiet small-words">{date(side.published)}</span>
        </div>
    );
}

interface CompareProps {
    id: string;
    version: number | null;
    other: string;
    otherVersion: number | null;
}

export function Compare({ id, version, other, otherVersion }: CompareProps) {
    const { data, error, loading, reload } = useComparison(id, version, other, otherVersion);
    const [all, setAll] = useState(true);
    if (!data) {
        return error ? <ErrorBox error={error} again={reload} /> : loading ? <Loading /> : null;
    }
    const rows = data.sentences.filter((sentence) => all || sentence.kind !== "same" || sentence.moved);
    return (
        <section class="compare" aria-label={t("doc_differences")}>
            <div class="row compare-counts">
                {(["same", "changed", "added", "dropped"] as const).map((kind) => <span key={kind} class={`compare-count is-${kind}`}>{t(`doc_count_${kind}`, { count: data[kind] })}</span>)}
                {data.moved > 0 && <span class="compare-count">{t("doc_count_moved", { count: data.moved })}</span>}
                <span class="quiet">{t("doc_likeness", { share: percent(data.likeness) })}</span>
                <Checkbox label={t("doc_only_differences")} checked={!all} onChecked={(only) => setAll(!only)} />
            </div>
            {data.cut && <p class="quiet small-words">{t("doc_compare_cut")}</p>}
            <div class="compare-grid">
                <div class="compare-row compare-head"><Head side={data.before} versions={data.before.id === data.after.id} /><Head side={data.after} versions={data.before.id === data.after.id} /></div>
                <ol class="compare-rows">
                    {rows.map((sentence, i) => (
                        <li key={i} class={`compare-row is-${sentence.kind}`}>
                            <p class="compare-kind">
                                <span>{named("sentence", sentence.kind)}</span>
                                {sentence.moved && <span class="compare-moved"><Icon name="history" size={12} />{t("doc_moved")}</span>}
                            </p>
                            <Cell sentence={sentence} side="before" />
                            <Cell sentence={sentence} side="after" />
                        </li>
                    ))}
                </ol>
                {!rows.length && <Empty title={t("doc_no_differences")} icon="check" />}
            </div>
        </section>
    );
}
