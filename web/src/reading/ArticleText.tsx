/* An article's text with what was read in it marked: the kinds that are switched on, of all claims; and of the claim that
 * is lit everything that it rests on. */
import type { Ref, VNode } from "preact";
import { useMemo } from "preact/hooks";
import { CodePoints, directionOf, paragraphs, segments, shown, type Segment, type Span } from "../text";
import { marksOf, type Mark, type MarkKind, type Reading } from "./shape";

export interface ArticleTextProps {
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

interface PieceProps extends ArticleTextProps {
    part: Segment<Mark>;
    /* The claims whose figure has begun. */
    begun: Set<number>;
    marked: ReadonlySet<MarkKind>;
}

function Piece({ part, reading, lit, onLit, begun, ids, claimHref, onClaim, marked, rejected }: PieceProps) {
    const words = shown(part.text);
    const own = part.marks.filter((mark) => mark.claim === lit);
    const figures = part.marks.filter((mark) => mark.kind === "count" && (marked.has("count") || mark.claim === lit));
    const figure = figures.find((mark) => mark.claim === lit) ?? figures[0];
    const others = part.marks.filter((mark) => mark.kind !== "count" && marked.has(mark.kind));
    const kinds = [
        ...new Set(others.map((mark) => "mark-" + mark.kind)), ...new Set(own.map((mark) => "lit-" + mark.kind)),
        ...(part.marks.some((mark) => mark.kind === "chosen") ? ["is-chosen"] : []),
    ];
    if (!figure) {
        const claim = others.find((mark) => mark.claim >= 0)?.claim;
        const call = claim === undefined ? undefined : () => onLit?.(claim);
        // Whatever is lit, the elements stay the same: a selection that is being made must not lose its ground.
        return part.marks.length ? <span class={kinds.join(" ") || undefined} onPointerEnter={call}>{words}</span> : <>{words}</>;
    }
    const claim = reading.claims[figure.claim]!;
    // Several claims may rest on the same words: each has its anchor, the first of them the link.
    const fresh = figures.map((mark) => mark.claim).filter((one) => !begun.has(one));
    fresh.forEach((one) => begun.add(one));
    const id = fresh.length ? `${ids}-${fresh[0]}` : undefined;
    const name = ["in-count", `effect-${claim.effect}`, claim.stance === "denies" && "denied", rejected?.has(figure.claim) && "rejected", ...kinds].filter(Boolean).join(" ");
    const light = () => onLit?.(figure.claim);
    return claimHref
        ? <a class={name} id={id} data-claims={fresh.join(" ")} href={claimHref(figure.claim)} onPointerEnter={light} onFocus={light}
            onClick={onClaim && ((event) => (event.preventDefault(), event.stopPropagation(), onClaim(figure.claim)))}>{words}</a>
        : <mark class={name} id={id} data-claims={fresh.join(" ")} onPointerEnter={light}>{words}</mark>;
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
                const pieces = segments(points, inParts[i]!, start, end).map((part) => <Piece key={part.start} part={part} begun={begun} marked={kinds} {...props} />);
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
