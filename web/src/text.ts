/* Spans of the ledger count Unicode code points; JavaScript's strings count UTF-16 units, in which a sign beyond the
 * first 65,536 (an emoji, a rare letter) takes two. This file is the one place where the two meet. */

const astral = /[\ud800-\udbff][\udc00-\udfff]/g;

/* A text whose offsets are code points. */
export class CodePoints {
    /* The code point offsets of the signs that take two units, in order. */
    private readonly wide: number[] = [];
    readonly length: number;

    constructor(readonly text: string) {
        for (const match of text.matchAll(astral)) {
            this.wide.push(match.index - this.wide.length);
        }
        this.length = text.length - this.wide.length;
    }

    /* The UTF-16 offset of the n-th code point; offsets outside the text are drawn to its ends. */
    unit(n: number): number {
        const inside = Math.max(0, Math.min(n, this.length));
        return inside + this.wideBefore((at) => at < inside);
    }

    /* The code point that a UTF-16 offset (of a selection) stands in. */
    point(unit: number): number {
        const inside = Math.max(0, Math.min(unit, this.text.length));
        const before = this.wideBefore((at, i) => at + i < inside);
        return inside - before;
    }

    slice(start: number, end: number): string {
        return this.text.slice(this.unit(start), this.unit(end));
    }

    /* How many of the wide signs, from the first, fulfil a condition that holds up to one of them. */
    private wideBefore(holds: (at: number, i: number) => boolean): number {
        let low = 0;
        let high = this.wide.length;
        while (low < high) {
            const middle = (low + high) >> 1;
            if (holds(this.wide[middle]!, middle)) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}

export interface Span {
    start: number;
    end: number;
}

export interface Segment<M extends Span> {
    text: string;
    start: number;
    marks: M[];
}

/* Cuts [start, end) of a text where any of the marks, which may overlap, begins or ends: the pieces in order, each with
 * the marks that cover it. */
export function segments<M extends Span>(points: CodePoints, marks: readonly M[], start = 0, end = points.length): Segment<M>[] {
    const kept = marks.filter((mark) => mark.end > start && mark.start < end && mark.start < mark.end);
    const edges = new Set([start, end]);
    for (const mark of kept) {
        edges.add(Math.max(start, mark.start));
        edges.add(Math.min(end, mark.end));
    }
    const cuts = [...edges].sort((a, b) => a - b);
    const opening = [...kept].sort((a, b) => a.start - b.start);
    const pieces: Segment<M>[] = [];
    let open: M[] = [];
    let next = 0;
    for (let i = 0; i + 1 < cuts.length; i++) {
        const at = cuts[i]!;
        while (next < opening.length && opening[next]!.start <= at) {
            open.push(opening[next++]!);
        }
        open = open.filter((mark) => mark.end > at);
        pieces.push({ text: points.slice(at, cuts[i + 1]!), start: at, marks: [...open] });
    }
    return pieces;
}

/* The paragraphs of a text as [start, end) in code points. */
export function paragraphs(points: CodePoints): Span[] {
    const found: Span[] = [];
    let start = 0;
    for (const line of points.text.split("\n")) {
        const length = new CodePoints(line).length;
        found.push({ start, end: start + length });
        start += length + 1;
    }
    return found;
}

/* Controls have no business in shown text, least of all those that turn its direction around (U+202A to U+202E, U+2066
 * to U+2069): what a page says is shown in the order it says it. Stored text and offsets keep them. */
const controls = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g;
export const shown = (text: string): string => text.replace(controls, "");

const RIGHT_TO_LEFT = new Set(["ar", "fa", "ur", "ps", "ckb", "he"]);
/* The direction of a text in a language; where that is not known, its letters tell. */
export const directionOf = (language: string | null | undefined): "rtl" | "ltr" | "auto" =>
    language ? (RIGHT_TO_LEFT.has(language) ? "rtl" : "ltr") : "auto";

const isHidden = (sign: string): boolean => shown(sign) === "";

/* The code point that stands `units` UTF-16 units into what is shown of [from, to). Where controls that are not shown lie
 * there, a beginning is behind them and an end before. */
function pointShown(points: CodePoints, from: number, to: number, units: number, edge: "start" | "end"): number {
    let left = units;
    let at = from;
    for (const sign of points.slice(from, to)) {
        const hidden = isHidden(sign);
        if (left <= 0 && (edge === "end" || !hidden)) {
            break;
        }
        left -= hidden ? 0 : sign.length;
        at++;
    }
    return at;
}

/* A span without the spaces and the controls at its ends; null where nothing else is in it. */
function trimmed(points: CodePoints, span: Span): Span | null {
    const signs = [...points.slice(span.start, span.end)];
    const blank = (sign: string | undefined): boolean => sign !== undefined && (isHidden(sign) || /^\s$/u.test(sign));
    let { start, end } = span;
    while (start < end && blank(signs[start - span.start])) {
        start++;
    }
    while (end > start && blank(signs[end - 1 - span.start])) {
        end--;
    }
    return start < end ? { start, end } : null;
}

/* In the page, an element with data-start and data-end shows that stretch of the text and nothing besides. */
const BLOCKS = "[data-start]";
const stretch = (block: HTMLElement): Span => ({ start: Number(block.dataset.start), end: Number(block.dataset.end) });

function unitsBefore(block: HTMLElement, node: Node, offset: number): number {
    const range = document.createRange();
    range.setStart(block, 0);
    range.setEnd(node, offset);
    return range.toString().length;
}

/* The stretch of the text that a range of the page covers: of a selection. */
export function spanOfRange(root: Element, points: CodePoints, range: Range): Span | null {
    const blocks = [...root.querySelectorAll<HTMLElement>(BLOCKS)].filter((block) => range.intersectsNode(block));
    const first = blocks[0];
    const last = blocks[blocks.length - 1];
    if (!first || !last) {
        return null;
    }
    let { start } = stretch(first);
    let { start: from, end } = stretch(last);
    if (first.contains(range.startContainer)) {
        start = pointShown(points, start, stretch(first).end, unitsBefore(first, range.startContainer, range.startOffset), "start");
    }
    if (last.contains(range.endContainer)) {
        end = pointShown(points, from, end, unitsBefore(last, range.endContainer, range.endOffset), "end");
    }
    return end > start ? trimmed(points, { start, end }) : null;
}

/* Where words as they are shown stand in the text, in order. */
export function findShown(points: CodePoints, words: string, most = 100): Span[] {
    const found: Span[] = [];
    const wanted = shown(words).trim();
    for (const { start, end } of wanted ? paragraphs(points) : []) {
        const text = shown(points.slice(start, end));
        for (let at = text.indexOf(wanted); at >= 0 && found.length < most; at = text.indexOf(wanted, at + wanted.length)) {
            found.push({ start: pointShown(points, start, end, at, "start"), end: pointShown(points, start, end, at + wanted.length, "end") });
        }
    }
    return found;
}
