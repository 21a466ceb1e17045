// Spans of the ledger count Unicode code points; JavaScript's strings count UTF-16 units, in which a sign beyond
// the first 65,536 (an emoji, a rare letter) takes two. This file is the one place where the two meet.

const astral = /[\ud800-\udbff][\udc00-\udfff]/g;

// A text whose offsets are code points.
export class CodePoints {
    constructor(text) {
        this.text = text;
        // The code point offsets of the signs that take two units, in order.
        this.wide = [];
        for (const match of text.matchAll(astral)) {
            this.wide.push(match.index - this.wide.length);
        }
        this.length = text.length - this.wide.length;
    }

    // The UTF-16 offset of the n-th code point; offsets outside the text are drawn to its ends.
    unit(n) {
        const inside = Math.max(0, Math.min(n, this.length));
        let low = 0;
        let high = this.wide.length;
        while (low < high) {
            const middle = (low + high) >> 1;
            if (this.wide[middle] < inside) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return inside + low;
    }

    slice(start, end) {
        return this.text.slice(this.unit(start), this.unit(end));
    }
}

// Cuts [start, end) of a text where any of the marks ({start, end, ...}, which may overlap) begins or ends.
// Gives [{text, marks}] in order, each with the marks that cover it.
export function segments(points, marks, start = 0, end = points.length) {
    const kept = marks.filter((mark) => mark.end > start && mark.start < end && mark.start < mark.end);
    const edges = new Set([start, end]);
    for (const mark of kept) {
        edges.add(Math.max(start, mark.start));
        edges.add(Math.min(end, mark.end));
    }
    const cuts = [...edges].sort((a, b) => a - b);
    const opening = [...kept].sort((a, b) => a.start - b.start);
    const pieces = [];
    let open = [];
    let next = 0;
    for (let i = 0; i + 1 < cuts.length; i++) {
        while (next < opening.length && opening[next].start <= cuts[i]) {
            open.push(opening[next++]);
        }
        open = open.filter((mark) => mark.end > cuts[i]);
        pieces.push({ text: points.slice(cuts[i], cuts[i + 1]), marks: [...open] });
    }
    return pieces;
}

// The paragraphs of a text as [start, end) in code points.
export function paragraphs(points) {
    const found = [];
    let start = 0;
    for (const line of points.text.split("\n")) {
        const length = new CodePoints(line).length;
        found.push({ start, end: start + length });
        start += length + 1;
    }
    return found;
}
