/* How wide a text is drawn, and what of it fits: SVG does not break or cut lines by itself. */
import { useLayoutEffect, useRef, useState } from "preact/hooks";

let context: CanvasRenderingContext2D | null = null;
let family = "";

export function textWidth(text: string, size: number, weight = 400): number {
    context ??= document.createElement("canvas").getContext("2d");
    family ||= getComputedStyle(document.body).fontFamily || "sans-serif";
    if (!context) {
        return text.length * size * 0.55;
    }
    context.font = `${weight} ${size}px ${family}`;
    return context.measureText(text).width;
}

/* The text, or as much of it as fits with an ellipsis; cut between signs as a reader sees them. */
export function fitted(text: string, width: number, size: number, weight = 400): string {
    if (textWidth(text, size, weight) <= width) {
        return text;
    }
    const signs = [...new Intl.Segmenter().segment(text.slice(0, 300))].map((each) => each.segment);
    let low = 0;
    let high = signs.length;
    while (low < high) {
        const middle = (low + high + 1) >> 1;
        if (textWidth(signs.slice(0, middle).join("").trimEnd() + "…", size, weight) <= width) {
            low = middle;
        } else {
            high = middle - 1;
        }
    }
    return signs.slice(0, low).join("").trimEnd() + "…";
}

/* The text in at most `lines` lines, the last one cut. */
export function wrapped(text: string, width: number, size: number, lines: number, weight = 400): string[] {
    const words = text.split(/\s+/).filter(Boolean);
    const out: string[] = [];
    while (words.length && out.length < lines) {
        if (out.length === lines - 1) {
            out.push(fitted(words.join(" "), width, size, weight));
            break;
        }
        let line = words.shift()!;
        while (words.length && textWidth(`${line} ${words[0]}`, size, weight) <= width) {
            line += " " + words.shift()!;
        }
        out.push(fitted(line, width, size, weight));
    }
    return out;
}

/* Eight voices have a colour of their own, which those who see fewer colours tell apart too; the others share one. All
 * have their number. */
export const colourOf = (voice: number): string => (voice >= 1 && voice <= 8 ? `var(--voice-${voice})` : "var(--voice-more)");

/* A page that scrolls under a pointer at rest tells that the pointer entered what came under it: only where it stands
 * elsewhere than before did somebody move it. */
let where = "";
let moved = false;
document.addEventListener("pointermove", ({ screenX, screenY }) => {
    const now = `${screenX} ${screenY}`;
    moved = now !== where;
    where = now;
}, true);

export const onMove = (call: () => void) => ({ onPointerMove: () => moved && call() });

/* The width of the element that a chart is drawn into, as it changes. */
export function useWidth(first = 0) {
    const element = useRef<HTMLDivElement>(null);
    const [width, setWidth] = useState(first);
    useLayoutEffect(() => {
        const watched = element.current!;
        const measure = (): void => setWidth(Math.floor(watched.clientWidth));
        measure();
        const observer = new ResizeObserver(measure);
        observer.observe(watched);
        return () => observer.disconnect();
    }, []);
    return { element, width };
}
