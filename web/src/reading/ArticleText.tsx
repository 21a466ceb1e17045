/* An article's text with what was read in it marked: its figures, and of the claim that is lit its sentence, voice,
 * place, time and actor too. */
import type { VNode } from "preact";
import { useMemo } from "preact/hooks";
import { CodePoints, directionOf, paragraphs, segments, shown, type Segment } from "../text";
import { marksOf, type Mark, type Reading } from "./shape";

export interface ArticleTextProps {
    reading: Reading;
    /* The claim that is pointed at; null: none. */
    lit?: number | null;
    onLit?: (claim: number | null) => void;
    /* The id of the element of a claim's figure begins so: `${ids}-3`. */
    ids: string;
    /* Where a figure leads: to its claim beside the text. */
    claimHref?: (claim: number) => string;
}

const lettered = /\p{L}/u;

function Piece({ part, reading, lit, onLit, first, ids, claimHref }: { part: Segment<Mark>; first: Set<number> } & ArticleTextProps) {
    const words = shown(part.text);
    const count = part.marks.find((mark) => mark.kind === "count" && mark.claim === lit) ?? part.marks.find((mark) => mark.kind === "count");
    const own = part.marks.filter((mark) => mark.claim === lit);
    const kinds = [...new Set(own.map((mark) => "lit-" + mark.kind))];
    if (!count) {
        return kinds.length ? <span class={kinds.join(" ")}>{words}</span> : <>{words}</>;
    }
    const claim = reading.claims[count.claim]!;
    const id = first.has(count.claim) ? undefined : `${ids}-${count.claim}`;
    first.add(count.claim);
    const name = ["in-count", `effect-${claim.effect}`, claim.stance === "denies" && "denied", ...kinds].filter(Boolean).join(" ");
    const call = (on: boolean) => () => onLit?.(on ? count.claim : null);
    return claimHref
        ? <a class={name} id={id} href={claimHref(count.claim)} onPointerEnter={call(true)} onFocus={call(true)}>{words}</a>
        : <mark class={name} id={id} onPointerEnter={call(true)}>{words}</mark>;
}

export function ArticleText(props: ArticleTextProps): VNode {
    const { reading } = props;
    const points = useMemo(() => new CodePoints(reading.text), [reading.text]);
    const marks = useMemo(() => marksOf(reading.claims), [reading.claims]);
    const parts = useMemo(() => paragraphs(points).filter(({ start, end }) => end > start), [points]);
    const first = new Set<number>();
    return (
        <div class="article-text" lang={reading.language ?? undefined} dir={directionOf(reading.language)}>
            {parts.map(({ start, end }, i) => {
                const whole = points.slice(start, end);
                const pieces = segments(points, marks, start, end).map((part) => <Piece key={part.start} part={part} first={first} {...props} />);
                const direction = lettered.test(whole) ? "auto" : undefined;
                return i === 0 && reading.title === whole
                    ? <p key={start} class="article-title" dir={direction}>{pieces}</p>
                    : <p key={start} dir={direction}>{pieces}</p>;
            })}
        </div>
    );
}
