/* An article's text with what was read in it marked: the kinds that are switched on, of all claims; and of the claim that
 * is lit everything that it rests on. */
import type { Ref, VNode } from "preact";
import { useMemo } from "preact/hooks";
import { CodePoints, directionOf, paragraphs, segments, shown, type Segment, type Span } from "../text";
import { marksOf, type Mark, type MarkKind, type Reading } from "./shape";

interface ArticleTextProps {
    reading: Reading;
    /* The claim that is pointed at; null: none. */
    lit?: number | null;
    onLit?: (claim: number | null) => void;
    /* The id of the element of a claim's figure begins so: `${ids}-3`. */
    ids: string;
    /* Where a figure leads: to its claim beside the text. */
    claimHref?: (claim: number) => string;
    onClaim?: ((claim: number) => void) | undefined;
    /* What is marked of every claim; figures alone where it is not said. */
    kinds?: ReadonlySet<MarkKind>;
    /* Words that a reader chose. */
    chosen?: readonly Span[];
    /* Claims that count nowhere. */
    rejected?: ReadonlySet<number>;
    root?: Ref<HTMLDivElement>;
}

const FIGURES: ReadonlySet<MarkKind> = new Set<MarkKind>(["count"]);
const lettered = /\p{L}/u;

interface RunProps extends ArticleTextProps {
    /* Pieces beside each other that are of one figure, or a piece that is of none. */
    parts: Segment<Mark>[];
    figure: number | null;
    /* The claims whose figure has begun. */
    begun: Set<number>;
    marked: ReadonlySet<MarkKind>;
}

const figuresIn = (part: Segment<Mark>, marked: ReadonlySet<MarkKind>, lit: number | null | undefined): number[] =>
    part.marks.filter((mark) => mark.kind === "count" && (marked.has("count") || mark.claim === lit)).map((mark) => mark.claim);

function kindsOf(part: Segment<Mark>, marked: ReadonlySet<MarkKind>, lit: number | null | undefined): string[] {
    const names = part.marks.flatMap((mark) => [
        mark.kind !== "count" && marked.has(mark.kind) ? "mark-" + mark.kind : "", mark.claim === lit ? "lit-" + mark.kind : "", mark.kind === "chosen" ? "is-chosen" : "",
    ]);
    return [...new Set(names)].filter(Boolean);
}

function Piece({ part, marked, lit, onLit }: { part: Segment<Mark> } & Pick<RunProps, "marked" | "lit" | "onLit">) {
    const words = shown(part.text);
    if (!part.marks.length) {
        return <>{words}</>;
    }
    const claim = part.marks.find((mark) => mark.claim >= 0 && mark.kind !== "evidence" && marked.has(mark.kind))?.claim;
    // Whatever is lit, the elements stay the same: a selection that is being made must not lose its ground.
    return <span class={kindsOf(part, marked, lit).join(" ") || undefined} onPointerEnter={claim === undefined ? undefined : () => onLit?.(claim)}>{words}</span>;
}

function Run({ parts, figure, begun, ...props }: RunProps) {
    const { reading, lit, onLit, ids, claimHref, onClaim, marked, rejected } = props;
    const pieces = parts.map((part) => <Piece key={part.start} part={part} marked={marked} lit={lit} onLit={figure === null ? onLit : undefined} />);
    if (figure === null) {
        return <>{pieces}</>;
    }
    const claim = reading.claims[figure]!;
    // Several claims may rest on the same words: the first has the link, each can be found.
    const fresh = [...new Set(parts.flatMap((part) => figuresIn(part, marked, lit)))].filter((one) => !begun.has(one));
    fresh.forEach((one) => begun.add(one));
    const id = fresh.length ? `${ids}-${fresh[0]}` : undefined;
    const isLit = lit !== null && lit !== undefined && parts.some((part) => figuresIn(part, marked, lit).includes(lit));
    const name = ["in-count", `effect-${claim.effect}`, claim.stance === "denies" && "denied", rejected?.has(figure) && "rejected", isLit && "lit-count"].filter(Boolean).join(" ");
    const light = () => onLit?.(figure);
    return claimHref
        ? <a class={name} id={id} data-claims={fresh.join(" ")} href={claimHref(figure)} onPointerEnter={light} onFocus={light}
            onClick={onClaim && ((event) => (event.preventDefault(), event.stopPropagation(), onClaim(figure)))}>{pieces}</a>
        : <mark class={name} id={id} data-claims={fresh.join(" ")} onPointerEnter={light}>{pieces}</mark>;
}

/* Pieces that are of the same figure go together: one figure is one link. */
function runs(parts: readonly Segment<Mark>[], marked: ReadonlySet<MarkKind>, lit: number | null | undefined): { parts: Segment<Mark>[]; figure: number | null }[] {
    const found: { parts: Segment<Mark>[]; figure: number | null }[] = [];
    for (const part of parts) {
        const figures = figuresIn(part, marked, lit);
        const last = found[found.length - 1];
        if (last && last.figure !== null && figures.includes(last.figure)) {
            last.parts.push(part);
        } else {
            found.push({ parts: [part], figure: figures[0] ?? null });
        }
    }
    return found;
}

export function ArticleText(props: ArticleTextProps): VNode {
    const { reading, chosen, kinds = FIGURES } = props;
    const points = useMemo(() => new CodePoints(reading.text), [reading.text]);
    const marks = useMemo(() => [...marksOf(reading.claims), ...(chosen ?? []).map((span): Mark => ({ ...span, kind: "chosen", claim: -1 }))], [reading.claims, chosen]);
    const parts = useMemo(() => paragraphs(points).filter(({ start, end }) => end > start), [points]);
    const inParts = useMemo(() => shared(parts, marks), [parts, marks]);
    const begun = new Set<number>();
    return (
        <div class="article-text" lang={reading.language ?? undefined} dir={directionOf(reading.language)} ref={props.root}>
            {parts.map(({ start, end }, i) => {
                const whole = points.slice(start, end);
                const pieces = runs(segments(points, inParts[i]!, start, end), kinds, props.lit).map((run) => <Run key={run.parts[0]!.start} {...run} begun={begun} marked={kinds} {...props} />);
                return <p key={start} data-start={start} data-end={end} class={i === 0 && reading.title === whole ? "article-title" : undefined} dir={lettered.test(whole) ? "auto" : undefined}>{pieces}</p>;
            })}
        </div>
    );
}

/* The marks of each paragraph: in one pass, however many there are of both. */
function shared(parts: readonly Span[], marks: readonly Mark[]): Mark[][] {
    const found: Mark[][] = parts.map(() => []);
    for (const mark of marks) {
        let low = 0;
        for (let high = parts.length; low < high;) {
            const middle = (low + high) >> 1;
            if (parts[middle]!.end <= mark.start) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        for (; low < parts.length && parts[low]!.start < mark.end; low++) {
            found[low]!.push(mark);
        }
    }
    return found;
}
