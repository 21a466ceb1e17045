/* The chain: from first tellers through relays to outlets, laid out by dagre, drawn along the line of reading.
 *
 * What a voice told runs in its colour: a full line where the outlet heard it, dashes where it passed on another's
 * report, dots where it copied. Copies stand with what they copied as a stack that opens; where a voice is carried by
 * very many outlets that lead nowhere further, the later ones are a stack too. Nodes are links in the order in which one
 * reads them. The drawing is as tall as it needs to be, so that the page scrolls over it; only sideways it scrolls itself. */
import { Graph, layout } from "@dagrejs/dagre";
import { curveBumpX, line as lineOf } from "d3-shape";
import { useMemo, useState } from "preact/hooks";
import { date, number, t } from "../i18n";
import { IconButton } from "../ui";
import { colourOf, onMove, textWidth, fitted, wrapped } from "./measure";

export interface ChainNode {
    id: string;
    is: "voice" | "document" | "relay";
    voices: number[];
    name: string;
    note: string;
    published: string | null;
    href: string | null;
    weak?: boolean;
    unknown?: boolean;
    copies: { document: string; name: string; published: string | null; href: string }[];
}

export interface ChainEdge {
    from: string;
    to: string;
    how: "told" | "relayed" | "copied";
    voice: number;
}

interface Box {
    id: string;
    is: ChainNode["is"] | "stack";
    x: number;
    y: number;
    width: number;
    height: number;
    node: ChainNode | null;
    name: string;
    lines: string[];
    note: string;
    href: string | null;
    voices: number[];
    /* Of a stack: what opens by it; of a node with copies: its own id. */
    opens: string | null;
    count: number;
}

interface Point {
    x: number;
    y: number;
}

interface Laid {
    boxes: Box[];
    roads: { key: string; how: ChainEdge["how"]; voice: number; points: Point[] }[];
    width: number;
    height: number;
}

const MANY = 7;
const SHOWN = 4;
const MARGIN = 10;
const ROOT = "root";
const NAME = 13;
const NOTE = 11;
const TALL = 44;
const MORE = 24; // below a node: the button of its copies

/* The outlets that lead nowhere further, by what leads to them: from the many of one road, the later ones fold. */
function foldedLeaves(nodes: readonly ChainNode[], edges: readonly ChainEdge[], open: ReadonlySet<string>): { folded: Map<string, string>; opened: Map<string, ChainEdge[]> } {
    const into = new Map<string, ChainEdge[]>();
    const leads = new Set(edges.map((edge) => edge.from));
    edges.forEach((edge) => into.set(edge.to, [...(into.get(edge.to) ?? []), edge]));
    const groups = new Map<string, ChainNode[]>();
    for (const node of nodes) {
        const roads = into.get(node.id) ?? [];
        if (node.is === "document" && !leads.has(node.id) && !node.copies.length && roads.length) {
            const key = roads.map((road) => [road.from, road.how, road.voice].join(" ")).sort().join(";");
            groups.set(key, [...(groups.get(key) ?? []), node]);
        }
    }
    const folded = new Map<string, string>();
    const opened = new Map<string, ChainEdge[]>();
    for (const [key, group] of groups) {
        if (group.length > MANY && open.has(key)) {
            opened.set(key, into.get(group[0]!.id) ?? []);
        }
        if (group.length > MANY && !open.has(key)) {
            group.sort((a, b) => (a.published ?? "9").localeCompare(b.published ?? "9")).slice(SHOWN).forEach((node) => folded.set(node.id, key));
        }
    }
    return { folded, opened };
}

/* A box is as wide as its name, within bounds; a longer name takes two lines. */
function boxOf(id: string, is: Box["is"], name: string, note: string, rest: Partial<Box>): Box {
    const inset = is === "voice" ? 56 : 26;
    const width = is === "stack" ? 132 : Math.max(150, Math.min(is === "voice" ? 250 : 210, Math.ceil(Math.max(textWidth(name, NAME, 500), textWidth(note, NOTE))) + inset));
    const lines = wrapped(name, width - inset + 4, NAME, 2, 500);
    return { id, is, x: 0, y: 0, width, height: is === "stack" ? 28 : TALL + (lines.length - 1) * 15, lines, node: null, name, note, href: null, voices: [], opens: null, count: 0, ...rest };
}

/* Where roads leave and reach their boxes: beside each other, in the order of where they come from and go to. */
function portsOf(roads: readonly ChainEdge[], boxes: ReadonlyMap<string, Box>): Map<ChainEdge, { from: number; to: number }> {
    const ports = new Map(roads.map((road) => [road, { from: boxes.get(road.from)!.y, to: boxes.get(road.to)!.y }]));
    for (const [own, other] of [["from", "to"], ["to", "from"]] as const) {
        const at = new Map<string, ChainEdge[]>();
        roads.forEach((road) => at.set(road[own], [...(at.get(road[own]) ?? []), road]));
        for (const [id, all] of at) {
            const box = boxes.get(id)!;
            const room = Math.min(box.height - 14, (all.length - 1) * 10);
            all.sort((a, b) => boxes.get(a[other])!.y - boxes.get(b[other])!.y || a.voice - b.voice)
                .forEach((road, i) => (ports.get(road)![own] = box.y - room / 2 + (all.length > 1 ? (room * i) / (all.length - 1) : 0)));
        }
    }
    return ports;
}

/* The stripes of a box stand in the order in which roads reach it. */
function sortVoices(ports: ReadonlyMap<ChainEdge, { to: number }>, boxes: ReadonlyMap<string, Box>): void {
    const reached = new Map<string, number>();
    for (const [road, { to }] of ports) {
        const key = [road.to, road.voice].join("|");
        reached.set(key, Math.min(to, reached.get(key) ?? Infinity));
    }
    for (const box of boxes.values()) {
        const at = (voice: number): number => reached.get([box.id, voice].join("|")) ?? Number.MAX_VALUE;
        box.voices = [...box.voices].sort((a, b) => at(a) - at(b) || a - b);
    }
}

/* The layout cares for crossings alone: boxes that the same roads reach and none leaves change places, earliest first. */
function sortLeaves(roads: readonly ChainEdge[], boxes: ReadonlyMap<string, Box>): void {
    const leads = new Set(roads.map((road) => road.from));
    const groups = new Map<string, Box[]>();
    for (const box of boxes.values()) {
        const into = roads.filter((road) => road.to === box.id).map((road) => [road.from, road.how, road.voice].join(" ")).sort().join(";");
        if (box.node?.is === "document" && !leads.has(box.id) && !box.node.copies.length) {
            const key = [into, box.x, box.height].join("|");
            groups.set(key, [...(groups.get(key) ?? []), box]);
        }
    }
    for (const group of groups.values()) {
        const places = group.map((box) => box.y).sort((a, b) => a - b);
        group.sort((a, b) => (a.node?.published ?? "9").localeCompare(b.node?.published ?? "9")).forEach((box, i) => (box.y = places[i]!));
    }
}

function laidOut(nodes: readonly ChainNode[], edges: readonly ChainEdge[], open: ReadonlySet<string>, rtl: boolean): Laid {
    const { folded, opened } = foldedLeaves(nodes, edges, open);
    const graph = new Graph({ multigraph: true });
    graph.setGraph({ rankdir: "LR", nodesep: 14, ranksep: 90, edgesep: 8, marginx: MARGIN, marginy: 12 });
    graph.setDefaultEdgeLabel(() => ({}));
    const boxes = new Map<string, Box>();
    const put = (box: Box): void => {
        boxes.set(box.id, box);
        graph.setNode(box.id, { width: box.width, height: box.height + (box.node?.copies.length ? MORE : 0) });
    };
    const roads: (ChainEdge & { key: string })[] = [];
    const join = (edge: ChainEdge): void => {
        const key = [edge.how, edge.voice].join(" ");
        if (!graph.hasEdge(edge.from, edge.to, key)) {
            graph.setEdge(edge.from, edge.to, {}, key);
            roads.push({ ...edge, key });
        }
    };
    for (const node of nodes) {
        const stack = folded.get(node.id);
        if (stack) {
            const known = boxes.get(stack);
            known ? (known.count += 1) : put(boxOf(stack, "stack", "", "", { opens: stack, count: 1, voices: node.voices }));
            continue;
        }
        put(boxOf(node.id, node.is, node.name, node.note, { node, href: node.href, voices: node.voices }));
        if (node.copies.length && open.has(node.id)) {
            node.copies.forEach((copy) => put(boxOf("c:" + copy.document, "document", copy.name, copy.published ? date(copy.published, false) : "", { href: copy.href, voices: node.voices })));
        }
    }
    for (const edge of edges) {
        join({ ...edge, to: folded.get(edge.to) ?? edge.to });
    }
    for (const node of nodes.filter((each) => open.has(each.id) && !folded.has(each.id))) {
        node.copies.forEach((copy) => node.voices.forEach((voice) => join({ from: node.id, to: "c:" + copy.document, how: "copied", voice })));
    }
    for (const [key, into] of opened) {
        put(boxOf(key, "stack", "", "", { opens: key, voices: into.map((edge) => edge.voice) }));
        into.forEach((edge) => graph.setEdge(edge.from, key, {}, "fold"));
    }
    // Who told it stands at the beginning, however short the road: all hang on one root, which is not drawn.
    graph.setNode(ROOT, { width: 0, height: 0 });
    nodes.filter((node) => node.is === "voice").forEach((node) => graph.setEdge(ROOT, node.id, { weight: 200 }, "root"));
    layout(graph);
    const whole = graph.graph() as { width?: number; height?: number };
    // What the root took of the width is given back.
    const shift = Math.min(...[...boxes.values()].map((box) => (graph.node(box.id) as Point).x - box.width / 2)) - MARGIN;
    const width = Math.ceil((whole.width ?? 0) - shift);
    const turned = (x: number): number => (rtl ? width - x : x);
    for (const box of boxes.values()) {
        const at = graph.node(box.id) as { x: number; y: number };
        box.x = turned(at.x - shift);
        box.y = at.y - (box.node?.copies.length ? MORE / 2 : 0);
    }
    sortLeaves(roads, boxes);
    const ports = portsOf(roads, boxes);
    sortVoices(ports, boxes);
    return {
        boxes: [...boxes.values()].sort((a, b) => (rtl ? b.x - a.x : a.x - b.x) || a.y - b.y),
        roads: roads.map((road) => {
            const [from, to] = [boxes.get(road.from)!, boxes.get(road.to)!];
            const way = rtl ? -1 : 1;
            const bends = ((graph.edge(road.from, road.to, road.key) as { points?: Point[] }).points ?? []).slice(1, -1).map((p) => ({ x: turned(p.x - shift), y: p.y }));
            const port = ports.get(road)!;
            return {
                key: [road.from, road.to, road.key].join("|"), how: road.how, voice: road.voice,
                // A road to the next rank needs no bends; a longer one goes where dagre left room between the boxes.
                points: [{ x: from.x + (way * from.width) / 2, y: port.from }, ...(bends.length > 1 ? bends : []), { x: to.x - (way * to.width) / 2, y: port.to }],
            };
        }),
        width, height: Math.ceil(whole.height ?? 0),
    };
}

const curve = lineOf<Point>((p) => p.x, (p) => p.y).curve(curveBumpX);

function Road({ road, rtl, dim }: { road: Laid["roads"][number]; rtl: boolean; dim: boolean }) {
    const end = road.points[road.points.length - 1];
    if (!end) {
        return null;
    }
    const way = rtl ? -1 : 1;
    return (
        <g class={dim ? "chain-road dim" : "chain-road"} style={{ stroke: colourOf(road.voice) }}>
            <path class={"how-" + road.how} d={curve(road.points) ?? ""} />
            <path class="chain-tip" d={`M${end.x - way * 6} ${end.y - 4}L${end.x} ${end.y}L${end.x - way * 6} ${end.y + 4}`} />
        </g>
    );
}

const rtlText = /^[^\p{L}]*[\p{Script=Arabic}\p{Script=Hebrew}]/u;

function Label({ words, x, y, size, width, rtl, kind }: { words: string; x: number; y: number; size: number; width: number; rtl: boolean; kind: string }) {
    const own = rtlText.test(words);
    return <text class={kind} x={x} y={y} font-size={size} direction={own ? "rtl" : "ltr"} text-anchor={own === rtl ? "start" : "end"}>{fitted(words, width, size, kind === "chain-name" ? 500 : 400)}</text>;
}

function Node({ box, rtl }: { box: Box; rtl: boolean }) {
    const { width, height } = box;
    const left = box.x - width / 2;
    const top = box.y - height / 2;
    const start = rtl ? left + width : left;
    const step = rtl ? -1 : 1;
    const voice = box.is === "voice" ? box.voices[0]! : 0;
    const marks = box.is === "voice" ? [] : box.voices.slice(0, 6);
    const inset = voice ? 40 : 13;
    const first = box.y + 4.5 - ((box.lines.length - 1) * 15 + (box.note ? 16 : 0)) / 2;
    return (
        <>
            {box.node?.copies.length ? <path class="chain-under" d={`M${left + 7} ${top + height}v4H${left + width - 7}v-4M${left + 13} ${top + height + 4}v4H${left + width - 13}v-4`} /> : null}
            <rect class={`chain-box is-${box.is}${box.node?.weak || box.node?.unknown ? " is-weak" : ""}`} x={left} y={top} width={width} height={height} rx={box.is === "voice" ? height / 2 : 5} style={voice ? { stroke: colourOf(voice) } : undefined} />
            {voice ? <circle cx={start + step * 21} cy={box.y} r={13} style={{ fill: colourOf(voice) }} /> : null}
            {voice ? <text class="range-number" x={start + step * 21} y={box.y + 4} font-size={12} text-anchor="middle">{box.node?.unknown ? "?" : number(voice)}</text> : null}
            {marks.map((mark, i) => <rect key={mark} x={rtl ? left + width - 4 : left} y={top + 5 + i * ((height - 10) / marks.length)} width={4} height={(height - 10) / marks.length - 1} style={{ fill: colourOf(mark) }} />)}
            {box.lines.map((words, i) => <Label key={i} words={words} kind="chain-name" x={start + step * inset} y={first + i * 15} size={NAME} width={width - inset - 8} rtl={rtl} />)}
            {box.note && <text class="chain-note" x={start + step * inset} y={first + box.lines.length * 15 + 1} font-size={NOTE} direction={rtl ? "rtl" : "ltr"} text-anchor="start">{fitted(box.note, width - inset - 12, NOTE)}</text>}
        </>
    );
}

function Stack({ box, words, label, expanded, onOpen, x, y }: { box: Box; words: string; label: string; expanded: boolean; onOpen: () => void; x: number; y: number }) {
    const width = box.is === "stack" ? box.width : 88;
    const key = (event: KeyboardEvent) => {
        if (event.key === "Enter" || event.key === " ") {
            event.preventDefault();
            onOpen();
        }
    };
    return (
        <g class="chain-stack" role="button" tabindex={0} aria-expanded={expanded} aria-label={label} onClick={onOpen} onKeyDown={key}>
            <rect x={x - width / 2} y={y - 12} width={width} height={24} rx={12} />
            <text x={x} y={y + 4} font-size={12} text-anchor="middle">{words}</text>
        </g>
    );
}

interface ChainProps {
    nodes: readonly ChainNode[];
    edges: readonly ChainEdge[];
    label: string;
    width: number;
    rtl: boolean;
    pointed?: number | null;
    onPoint?: (voice: number | null) => void;
    /* Drawn for paper: nothing opens, nothing is a link. */
    still?: boolean;
}

export function ChainGraph({ nodes, edges, label, width, rtl, pointed = null, onPoint, still }: ChainProps) {
    const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
    const [zoom, setZoom] = useState<number | null>(null);
    const laid = useMemo(() => laidOut(nodes, edges, open, rtl), [nodes, edges, open, rtl]);
    const whole = Math.min(1, width / Math.max(1, laid.width));
    const scale = zoom ?? Math.max(still ? 0.3 : 0.82, whole);
    const turn = (id: string) => () => {
        const next = new Set(open);
        next.has(id) ? next.delete(id) : next.add(id);
        setOpen(next);
    };
    const dims = (voices: readonly number[]): boolean => pointed !== null && !voices.includes(pointed);
    const pointing = (box: Box) => {
        const enter = () => onPoint?.(box.voices.length === 1 ? box.voices[0]! : null);
        return { ...onMove(enter), onFocus: enter, onPointerLeave: () => onPoint?.(null), onBlur: () => onPoint?.(null) };
    };
    const drawing = (
        <svg class="chain" role="group" aria-label={label} width={Math.round(laid.width * scale)} height={Math.round((laid.height + 12) * scale)} viewBox={`0 0 ${laid.width} ${laid.height + 12}`}>
            {laid.roads.map((road) => <Road key={road.key} road={road} rtl={rtl} dim={dims([road.voice])} />)}
            {laid.boxes.map((box) => {
                const state = dims(box.voices) ? "chain-node dim" : "chain-node";
                if (box.is === "stack") {
                    const words = box.count ? t("outlets_more", { count: box.count }) : t("chain_fold");
                    return <Stack key={box.id} box={box} words={words} label={words} expanded={!box.count} onOpen={turn(box.id)} x={box.x} y={box.y} />;
                }
                const name = box.note ? t("chain_node", { name: box.name, date: box.note }) : box.name;
                const inner = <Node box={box} rtl={rtl} />;
                const copies = box.node?.copies.length ?? 0;
                return (
                    <g key={box.id} class={state}>
                        {box.href && !still ? <><g aria-hidden="true">{inner}</g><a href={box.href} aria-label={name} {...pointing(box)}><rect class="chain-hit" x={box.x - box.width / 2} y={box.y - box.height / 2} width={box.width} height={box.height} rx={box.is === "voice" ? box.height / 2 : 5} /></a></> : <g role="img" aria-label={name}>{inner}</g>}
                        {copies > 0 && !still && (
                            <Stack box={box} words={open.has(box.id) ? t("chain_fold") : t("copies_count", { count: copies })} label={open.has(box.id) ? t("chain_fold_copies", { name: box.name }) : t("chain_open_copies", { copies: t("copies_count", { count: copies }), name: box.name })}
                                expanded={open.has(box.id)} onOpen={turn(box.id)} x={box.x} y={box.y + box.height / 2 + MORE / 2 + 2} />
                        )}
                        {copies > 0 && still && <text class="chain-note" x={box.x} y={box.y + box.height / 2 + 21} font-size={NOTE} text-anchor="middle">{t("copies_count", { count: copies })}</text>}
                    </g>
                );
            })}
        </svg>
    );
    if (still) {
        return drawing;
    }
    return (
        <div class="chain-frame">
            <div class="chain-tools">
                <IconButton icon="add" label={t("chain_zoom_in")} onClick={() => setZoom(Math.min(2, scale * 1.25))} />
                <IconButton icon="minus" label={t("chain_zoom_out")} onClick={() => setZoom(Math.max(0.25, scale / 1.25))} />
                <IconButton icon="whole" label={t("chain_fit")} onClick={() => setZoom(whole)} />
            </div>
            <div class="chain-scroll" tabIndex={laid.width * scale > width ? 0 : undefined} role={laid.width * scale > width ? "region" : undefined} aria-label={laid.width * scale > width ? label : undefined}>{drawing}</div>
        </div>
    );
}

/* ---- the same as a list: what a narrow screen shows, and who does not see the drawing reads */

interface Branch {
    node: ChainNode;
    how: ChainEdge["how"];
    below: Branch[];
}

function branches(from: string, voice: number, nodes: ReadonlyMap<string, ChainNode>, edges: readonly ChainEdge[], seen: Set<string>): Branch[] {
    return edges.filter((edge) => edge.from === from && edge.voice === voice && !seen.has(edge.to)).flatMap((edge) => {
        const node = nodes.get(edge.to);
        seen.add(edge.to);
        return node ? [{ node, how: edge.how, below: branches(edge.to, voice, nodes, edges, seen) }] : [];
    });
}

function Copies({ node }: { node: ChainNode }) {
    return (
        <details class="chain-copies">
            <summary>{t("copies_count", { count: node.copies.length })}</summary>
            <ul>{node.copies.map((copy) => <li key={copy.document} class="how-copied"><a href={copy.href}><bdi>{copy.name}</bdi></a>{copy.published && <time>{date(copy.published, false)}</time>}</li>)}</ul>
        </details>
    );
}

function Twig({ branch, how }: { branch: Branch; how: (name: string) => string }) {
    const { node } = branch;
    return (
        <li class={"how-" + branch.how}>
            <div class="chain-twig"><span class="chain-how">{how(branch.how)}</span> {node.href ? <a href={node.href}><bdi>{node.name}</bdi></a> : <bdi>{node.name}</bdi>}{node.published && <time>{date(node.published, false)}</time>}</div>
            {node.copies.length > 0 && <Copies node={node} />}
            {branch.below.length > 0 && <Twigs branches={branch.below} how={how} />}
        </li>
    );
}

function Twigs({ branches: all, how }: { branches: Branch[]; how: (name: string) => string }) {
    const [open, setOpen] = useState(false);
    const shown = open || all.length <= MANY ? all : all.slice(0, SHOWN);
    return (
        <ul class="chain-twigs">
            {shown.map((branch) => <Twig key={branch.node.id} branch={branch} how={how} />)}
            {shown.length < all.length && <li><button type="button" class="button quiet small" onClick={() => setOpen(true)}>{t("outlets_more", { count: all.length - shown.length })}</button></li>}
        </ul>
    );
}

export function ChainList({ nodes, edges, how, pointed = null }: { nodes: readonly ChainNode[]; edges: readonly ChainEdge[]; how: (name: string) => string; pointed?: number | null }) {
    const known = new Map(nodes.map((node) => [node.id, node]));
    return (
        <ul class="chain-list">
            {nodes.filter((node) => node.is === "voice").map((node) => {
                const voice = node.voices[0]!;
                return (
                    <li key={node.id} class={pointed !== null && pointed !== voice ? "chain-tree dim" : "chain-tree"} style={{ "--voice": colourOf(voice) }}>
                        <p class="chain-teller"><span class="voice-badge" aria-hidden="true">{number(voice)}</span><a href={node.href ?? undefined}><bdi>{node.name}</bdi></a> <span class="quiet">{node.note}</span></p>
                        <Twigs branches={branches(node.id, voice, known, edges, new Set([node.id]))} how={how} />
                    </li>
                );
            })}
        </ul>
    );
}
