/* The range chart: a row for each independent voice, what it said drawn on a common scale.
 *
 * An exact figure is a dot, a range a bar with a dot at each end, "at least" a dot with an arrow towards more, "about" a
 * dot in a soft cloud, doubt a hollow dot, a denial a crossed ring at what is denied. What the voice said before is faint
 * and joined to what it said last by a thin line, with an arrow head. The estimate is a band behind all rows.
 *
 * In a right-to-left page the scale runs from the right too: a row begins at the name that it belongs to, and the
 * numbers at the ticks leave no doubt which way they grow. Words stand after their mark, or before it where the row
 * ends; each statement that stands has a line of its own, so that no two words can meet. */
import { max } from "d3-array";
import { scaleLinear, scaleSymlog } from "d3-scale";
import { number, t } from "../i18n";
import { colourOf, fitted, onMove, textWidth, wrapped } from "./measure";

export interface Mark {
    min: number | null;
    max: number | null;
    approx: boolean;
    hedged: boolean;
    denied: boolean;
    words: string;
}

/* One line of a voice: what stands, and what was said before it, the oldest first. */
export interface Line {
    mark: Mark;
    before: Mark[];
}

export interface RangeRow {
    voice: number;
    name: string;
    kind: string;
    lines: Line[];
    href?: string;
    /* The whole row in words, for those who do not see it. */
    words: string;
}

export interface Band {
    low: number;
    high: number;
    best: number | null;
    open: boolean;
}

interface RangeProps {
    rows: RangeRow[];
    band: Band | null;
    label: string;
    width: number;
    rtl: boolean;
    /* The figure that the rows tell most, drawn as the effect's colour. */
    pointed?: number | null;
    onPoint?: (voice: number | null) => void;
}

const LINE = 30;
const NAME = 13;
const WORDS = 13;
const KIND = 11.5;
const OLD = 11.5;
const AXIS = 26;
const TOP = 22;
const OPEN = 34;
const NARROW = 560;

interface Scale {
    (n: number): number;
    ticks: number[];
    log: boolean;
}

/* From nothing to the most that was told. Where one figure dwarfs the others the steps grow tenfold. */
export function scaleFor(rows: readonly RangeRow[], band: Band | null, from: number, to: number): Scale {
    const told = rows.flatMap((row) => row.lines.flatMap((line) => [line.mark, ...line.before])).flatMap((mark) => [mark.min ?? 0, mark.max ?? 0]).filter((n) => n > 0).sort((a, b) => a - b);
    const most = Math.max(1, max(told) ?? 1, band?.high ?? 0);
    const log = most / (told[told.length >> 1] ?? 1) > 40;
    const domain: [number, number] = [0, most * 1.02];
    const scale = log ? scaleSymlog(domain, [from, to]) : scaleLinear(domain, [from, to]);
    const tens = (): number[] => [0, ...Array.from({ length: Math.ceil(Math.log10(most)) + 1 }, (_, i) => 10 ** i).filter((n) => n <= most)];
    const room = Math.abs(to - from);
    const ticks = log ? tens() : scaleLinear(domain, [0, 1]).ticks(Math.max(2, Math.min(7, Math.floor(room / 70)))).filter(Number.isInteger);
    return Object.assign((n: number): number => scale(n), { ticks, log });
}

interface Frame {
    x: Scale;
    /* +1 where more is to the right. */
    way: 1 | -1;
    /* The end of the plot, where the scale's numbers grow to. */
    end: number;
    start: number;
    colour: string;
}

function Cross({ x, y }: { x: number; y: number }) {
    return <path class="range-cross" d={`M${x - 5} ${y - 5}L${x + 5} ${y + 5}M${x + 5} ${y - 5}L${x - 5} ${y + 5}`} />;
}

function Dot({ x, y, mark, colour, small }: { x: number; y: number; mark: Mark; colour: string; small?: boolean | undefined }) {
    const r = small ? 4 : 6;
    return mark.hedged ? <circle class="range-hollow" cx={x} cy={y} r={r - 1} style={{ stroke: colour }} /> : <circle cx={x} cy={y} r={r} style={{ fill: colour }} />;
}

function Shape({ mark, y, frame, small }: { mark: Mark; y: number; frame: Frame; small?: boolean }) {
    const { x, way, colour } = frame;
    const low = mark.min ?? 0;
    const high = mark.max ?? low;
    if (mark.denied) {
        const at = x(mark.max ?? mark.min ?? 0);
        return <g><circle class="range-denied" cx={at} cy={y} r={small ? 6 : 8} style={{ stroke: colour }} /><g style={{ stroke: colour }}><Cross x={at} y={y} /></g></g>;
    }
    const [a, b] = [x(low), x(high)];
    const open = mark.max === null;
    const upTo = mark.min === null || (mark.min === 0 && high > 0);
    const tip = b + way * OPEN;
    return (
        <g>
            {mark.approx && <ellipse cx={(a + b) / 2} cy={y} rx={Math.abs(b - a) / 2 + 22} ry={small ? 6 : 9} class="range-cloud" style={{ fill: colour }} />}
            {mark.approx && <ellipse cx={(a + b) / 2} cy={y} rx={Math.abs(b - a) / 2 + 14} ry={small ? 5 : 7} class="range-cloud" style={{ fill: colour }} />}
            {low !== high && !open && <path d={`M${a} ${y}L${b} ${y}`} class="range-bar" style={{ stroke: colour }} />}
            {open && <path d={`M${b} ${y}L${tip} ${y}M${tip - way * 6} ${y - 5}L${tip} ${y}L${tip - way * 6} ${y + 5}`} class="range-open" style={{ stroke: colour }} />}
            {!upTo && <Dot x={a} y={y} mark={mark} colour={colour} small={small} />}
            {high !== low && <Dot x={b} y={y} mark={mark} colour={colour} small={small} />}
        </g>
    );
}

/* "at least 17" above an earlier mark, else its number alone, else nothing, as far as its neighbours leave room. */
function oldWords(mark: Mark, at: number, taken: readonly number[], { start, end }: Frame): string {
    const free = (reach: number): boolean => taken.every((x) => Math.abs(x - at) > reach + 15);
    const half = textWidth(mark.words, OLD) / 2;
    const inside = at - half >= Math.min(start, end) && at + half <= Math.max(start, end);
    return mark.words && !mark.denied && inside && free(half) ? mark.words : free(15) ? number(mark.denied ? 0 : (mark.min ?? mark.max ?? 0)) : "";
}

/* What was said before: small and pale, a thin line from each to the next, with its figure above where there is room. */
function Trail({ line, y, frame }: { line: Line; y: number; frame: Frame }) {
    const stops = [...line.before, line.mark].map((mark) => frame.x(mark.denied ? (mark.max ?? mark.min ?? 0) : (mark.min ?? mark.max ?? 0)));
    const labelled: number[] = [stops[stops.length - 1]!];
    return (
        <g class="range-before">
            {line.before.map((mark, i) => {
                const [from, to] = [stops[i]!, stops[i + 1]!];
                const way = Math.sign(to - from);
                const head = to - way * 9;
                const words = oldWords(mark, from, labelled, frame);
                if (words) {
                    labelled.push(from);
                }
                return (
                    <g key={i}>
                        {Math.abs(to - from) > 16 && <path class="range-trail" style={{ stroke: frame.colour }} d={`M${from + way * 5} ${y}L${head} ${y}M${head - way * 4} ${y - 3.5}L${head} ${y}L${head - way * 4} ${y + 3.5}`} />}
                        <g class="range-faint"><Shape mark={mark} y={y} frame={frame} small /></g>
                        {words && <text class="range-old" x={from} y={y - 12} text-anchor="middle" font-size={OLD}>{words}</text>}
                    </g>
                );
            })}
        </g>
    );
}

/* The words of a mark: after it, else before it, else cut. */
function wordsAt(line: Line, frame: Frame): { x: number; after: boolean; words: string } {
    const { mark } = line;
    const reach = mark.denied ? [frame.x(mark.max ?? mark.min ?? 0), frame.x(mark.max ?? mark.min ?? 0)] : [frame.x(mark.min ?? 0), frame.x(mark.max ?? mark.min ?? 0)];
    const old = line.before.map((each) => frame.x(each.min ?? each.max ?? 0));
    const beyond = (mark.max === null && !mark.denied ? OPEN : 0) + (mark.approx ? 22 : 0) + 14;
    const outer = (points: number[]): number => (frame.way > 0 ? Math.max(...points) : Math.min(...points));
    const inner = (points: number[]): number => (frame.way > 0 ? Math.min(...points) : Math.max(...points));
    const afterAt = Math.max(frame.way * (outer(reach) + frame.way * beyond), old.length ? frame.way * (outer([...reach, ...old]) + frame.way * 14) : -Infinity) * frame.way;
    const beforeAt = inner([...reach, ...old]) - frame.way * ((mark.approx ? 22 : 0) + 14);
    const width = textWidth(mark.words, WORDS, 600);
    const roomAfter = frame.way * (frame.end - afterAt);
    const roomBefore = frame.way * (beforeAt - frame.start);
    const after = roomAfter >= width || roomAfter >= roomBefore;
    return { x: after ? afterAt : beforeAt, after, words: fitted(mark.words, Math.max(24, after ? roomAfter : roomBefore), WORDS, 600) };
}

function Words({ line, y, frame, rtl }: { line: Line; y: number; frame: Frame; rtl: boolean }) {
    const { x, after, words } = wordsAt(line, frame);
    // With direction rtl a text that "starts" at x runs from it to the left.
    return <text class={line.mark.denied ? "range-words denied" : "range-words"} x={x} y={y + 4.5} font-size={WORDS} text-anchor={after ? "start" : "end"} direction={rtl ? "rtl" : "ltr"}>{words}</text>;
}

const rtlText = /^[^\p{L}]*[\p{Script=Arabic}\p{Script=Hebrew}]/u;

function Name({ row, x, y, width, rtl, lines }: { row: RangeRow; x: number; y: number; width: number; rtl: boolean; lines: number }) {
    const own = rtlText.test(row.name);
    const badge = 20;
    const from = x + (rtl ? -(badge + 8) : badge + 8);
    const parts = wrapped(row.name, width - badge - 8, NAME, lines, 500);
    // A name in its own direction stands at the side where the line begins: of another script, its end does.
    const anchor = own === rtl ? "start" : "end";
    const common = { x: from, "text-anchor": anchor, direction: own ? "rtl" : "ltr" } as const;
    const kind = fitted(row.kind, width - badge - 8, KIND);
    return (
        <g>
            <rect x={rtl ? x - badge : x} y={y - badge / 2} width={badge} height={badge} rx={5} style={{ fill: colourOf(row.voice) }} />
            <text class="range-number" x={rtl ? x - badge / 2 : x + badge / 2} y={y + 4} font-size={11.5} text-anchor="middle">{number(row.voice)}</text>
            {parts.map((part, i) => <text key={i} class="range-name" {...common} y={y + 4.5 + i * 17} font-size={NAME}>{part}</text>)}
            {kind && <text class="range-kind" x={from} text-anchor="start" direction={rtl ? "rtl" : "ltr"} y={y + 4.5 + parts.length * 16.5} font-size={KIND}>{kind}</text>}
        </g>
    );
}

export function RangeChart({ rows, band, label, width, rtl, pointed = null, onPoint }: RangeProps) {
    const narrow = width < NARROW;
    const side = narrow ? 0 : Math.min(250, Math.round(width * 0.3));
    const pad = 14;
    const start = rtl ? width - side - pad : side + pad;
    const end = rtl ? pad : width - pad;
    const way = rtl ? -1 : 1;
    // Room for an arrow and for the shortest words beyond the most.
    const x = scaleFor(rows, band, start + way * 4, end - way * Math.min(130, Math.abs(end - start) * 0.25));
    // Where the name stands above, and a figure told before above its mark.
    const head = (row: RangeRow): number => (narrow ? (row.lines[0]?.before.length ? 48 : 40) : 0);
    const heights = rows.map((row) => head(row) + Math.max(row.lines.length * LINE + 10, narrow ? 0 : 20 + 17 * wrapped(row.name, side - 28, NAME, 2, 500).length + (row.kind ? 16 : 0)));
    const tops = heights.map((_, i) => TOP + heights.slice(0, i).reduce((sum, h) => sum + h, 0));
    const bottom = TOP + heights.reduce((sum, h) => sum + h, 0);
    const height = bottom + AXIS;
    const bandFrom = band ? x(band.low) : 0;
    const bandTo = band ? (band.open ? end : x(band.high)) : 0;
    const thin = band ? Math.abs(bandTo - bandFrom) < 12 : false;
    const [left, right] = [Math.min(bandFrom, bandTo) - (thin ? 7 : 0), Math.max(bandFrom, bandTo) + (thin ? 7 : 0)];
    return (
        <svg class="range" role="group" aria-label={label} width={width} height={height} viewBox={`0 0 ${width} ${height}`} onPointerLeave={() => onPoint?.(null)}>
            {band && <rect class="range-band" x={left} y={TOP - 2} width={right - left} height={bottom - TOP + 2} rx={3} />}
            {band && <text class="range-band-words" x={Math.max(pad + 30, Math.min(width - pad - 30, (left + right) / 2))} y={TOP - 8} font-size={11} text-anchor="middle">{t("range_estimate")}</text>}
            {band?.best !== null && band && <path class="range-best" d={`M${x(band.best)} ${TOP}V${bottom}`} />}
            {x.ticks.map((tick) => (
                <g key={tick}>
                    <path class={tick ? "range-grid" : "range-zero"} d={`M${x(tick)} ${TOP - 2}V${bottom}`} />
                    <text class="range-tick" x={x(tick)} y={bottom + 17} font-size={11.5} text-anchor="middle">{number(tick)}</text>
                </g>
            ))}
            {rows.map((row, i) => {
                const y = tops[i]!;
                const middle = y + (narrow ? 16 : Math.max(22, heights[i]! / 2 - (wrapped(row.name, side - 28, NAME, 2, 500).length - 1 + (row.kind ? 1 : 0)) * 8));
                const frame: Frame = { x, way, start, end, colour: colourOf(row.voice) };
                const first = narrow ? y + head(row) + 14 : y + heights[i]! / 2 - ((row.lines.length - 1) * LINE) / 2;
                const hit = <rect class="range-hit" x={0} y={y} width={width} height={heights[i]!} />;
                const body = (
                    <g aria-hidden={row.href ? "true" : undefined}>
                        {i > 0 && <path class="range-rule" d={`M0 ${y}H${width}`} />}
                        <Name row={row} x={rtl ? width - 2 : 2} y={middle} width={narrow ? width - 8 : side} rtl={rtl} lines={narrow ? 1 : 2} />
                        {row.lines.map((line, k) => (
                            <g key={k}>
                                <Trail line={line} y={first + k * LINE} frame={frame} />
                                <Shape mark={line.mark} y={first + k * LINE} frame={frame} />
                                <Words line={line} y={first + k * LINE} frame={frame} rtl={rtl} />
                            </g>
                        ))}
                    </g>
                );
                const state = pointed === null ? "range-row" : pointed === row.voice ? "range-row pointed" : "range-row dim";
                const events = { ...onMove(() => onPoint?.(row.voice)), onFocus: () => onPoint?.(row.voice), onBlur: () => onPoint?.(null) };
                // The link lies over what is drawn: its name says the whole row in words.
                return row.href
                    ? <g key={row.voice} class={state}>{body}<a href={row.href} aria-label={row.words} data-voice={row.voice} {...events}>{hit}</a></g>
                    : <g key={row.voice} class={state} role="img" aria-label={row.words} data-voice={row.voice}>{body}</g>;
            })}
        </svg>
    );
}
