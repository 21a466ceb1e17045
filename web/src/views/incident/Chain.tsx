/* The chain of an incident: the drawing where there is room for it, else the list. */
import { useMemo, useRef, useState } from "preact/hooks";
import { ChainGraph, ChainList, type ChainEdge, type ChainNode } from "../../charts/chain";
import { useWidth } from "../../charts/measure";
import { SaveChart } from "../../charts/save";
import { documentHref } from "../../base";
import { date, t } from "../../i18n";
import { language } from "../../settings";
import { shown } from "../../text";
import { relayName } from "../../vocabulary";
import { kindWords, paperName, point, pointed } from "./parts";
import { pictureOf } from "./Figures";
import { voiceAnchor, voiceName, type Whole } from "./story";

const NARROW = 640;
/* Beyond so many boxes a drawing says nothing: the list comes first, the drawing is a click away. */
const MOST_AT_ONCE = 150;

/* The story's roads with the names and addresses that the page shows. */
export function chainOf(whole: Whole): { nodes: ChainNode[]; edges: ChainEdge[] } {
    const paper = (id: string): string => paperName(whole.papers.get(id));
    const nodes = whole.story.nodes.map((node): ChainNode => {
        const voice = node.is === "voice" ? whole.voices.get(node.voices[0]!) : undefined;
        return {
            id: node.id, is: node.is, voices: node.voices, published: node.published ?? null, weak: voice?.weak ?? false, unknown: voice?.origin_unknown ?? false,
            name: shown(node.is === "voice" ? voiceName(whole, node.voices[0]!) : node.document ? paper(node.document) : (node.name ?? "")),
            note: node.is === "voice" ? kindWords(whole, node.voices[0]!) : node.published ? date(node.published, false) : "",
            href: node.is === "voice" ? "#" + voiceAnchor(node.voices[0]!) : node.document ? documentHref(node.document) : null,
            copies: node.copies.map((copy) => ({ document: copy.document, name: paper(copy.document), published: copy.published, href: documentHref(copy.document) })),
        };
    });
    return { nodes, edges: whole.story.edges };
}

export function ChainLegend() {
    return (
        <p class="legend">
            {(["told", "relayed", "copied"] as const).map((how) => (
                <span key={how}><svg width="34" height="12" aria-hidden="true" class="chain"><g class="chain-road" style={{ stroke: "var(--ink)" }}><path class={"how-" + how} d="M2 6H30" /><path class="chain-tip" d="M25 2L31 6L25 10" /></g></svg>{t("legend_" + how)}</span>
            ))}
        </p>
    );
}

export function Chain({ whole }: { whole: Whole }) {
    const { element, width } = useWidth();
    const [asList, setAsList] = useState(whole.story.nodes.length > MOST_AT_ONCE);
    const body = useRef<HTMLDivElement>(null);
    const tongue = language.value;
    const { nodes, edges } = useMemo(() => chainOf(whole), [whole, tongue]);
    if (!nodes.length) {
        return null;
    }
    const narrow = width > 0 && width < NARROW;
    const list = asList || narrow;
    return (
        <section class="panel chain-panel" aria-labelledby="chain-title">
            <div class="section-head">
                <h2 id="chain-title">{t("chain_title")}</h2>
                {!narrow && <div class="chain-switch" role="group" aria-label={t("chain_view")}>
                    <button type="button" aria-pressed={!list} onClick={() => setAsList(false)}>{t("chain_graph")}</button>
                    <button type="button" aria-pressed={list} onClick={() => setAsList(true)}>{t("chain_list")}</button>
                </div>}
                {!list && <SaveChart find={() => body.current?.querySelector<SVGSVGElement>("svg.chain") ?? null} picture={() => pictureOf(whole, t("chain_title"), "chain")} />}
            </div>
            <p class="hint">{t("chain_hint")}</p>
            <div ref={element}>
                <div ref={body}>
                    {width > 0 && (list ? <ChainList nodes={nodes} edges={edges} how={relayName} pointed={pointed.value} />
                        : <ChainGraph nodes={nodes} edges={edges} label={t("chain_label")} width={width} rtl={tongue === "ar"} pointed={pointed.value} onPoint={point} />)}
                </div>
            </div>
            {!list && <ChainLegend />}
        </section>
    );
}
