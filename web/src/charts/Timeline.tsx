/* When it happened: a bar for each day, month or year, its lower part in another colour for those on which accounts
 * part. A stretch of it can be chosen: by dragging, or by its two ends with the arrow keys. Time runs as the language does. */
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { date, number, t } from "../i18n";
import { hijri, language } from "../settings";
import { IconButton } from "../ui";
import { useWidth } from "./measure";
import { SaveChart } from "./save";

interface Bucket {
    from: string;
    to: string;
    incidents: number;
    disputed: number;
    killed: number;
}

export interface TimelineData {
    unit: "day" | "month" | "year";
    buckets: readonly Bucket[];
    undated?: number;
}

interface TimelineProps {
    data: TimelineData | null;
    loading: boolean;
    failed: boolean;
    from: string;
    to: string;
    /* Only what is chosen is shown, wider. */
    near: boolean;
    onNear: (near: boolean) => void;
    onRange: (from: string, to: string) => void;
}

const TICK_WIDTH = { day: 108, month: 104, year: 48 };

/* Years without anything are left out by the server; here they keep their room. */
function whole(unit: string, buckets: readonly Bucket[]): Bucket[] {
    if (unit !== "year") {
        return [...buckets];
    }
    return buckets.flatMap((bucket, i) => {
        const year = +bucket.from.slice(0, 4);
        const before = i ? +buckets[i - 1]!.from.slice(0, 4) : year - 1;
        const missing = Array.from({ length: Math.min(400, year - before - 1) }, (_, k) => String(before + 1 + k).padStart(4, "0"));
        return [...missing.map((y) => ({ from: `${y}-01-01`, to: `${y}-12-31`, incidents: 0, disputed: 0, killed: 0 })), bucket];
    });
}

const label = (unit: string, bucket: Bucket, withHijri?: boolean): string =>
    date(unit === "day" ? bucket.from : unit === "month" ? bucket.from.slice(0, 7) : bucket.from.slice(0, 4), withHijri);

/* The first and last bucket of a choice of dates; null where nothing is chosen. */
function chosenOf(buckets: readonly Bucket[], from: string, to: string): [number, number] | null {
    if ((!from && !to) || !buckets.length) {
        return null;
    }
    const first = from ? buckets.findIndex((bucket) => bucket.to >= from) : 0;
    const last = to ? buckets.findLastIndex((bucket) => bucket.from <= to) : buckets.length - 1;
    return first < 0 || last < first ? null : [first, last];
}

const SVG = "http://www.w3.org/2000/svg";
const PAPER = { width: 760, height: 190, foot: 24 };

function drawn(name: string, attributes: Record<string, string | number>, words = ""): SVGElement {
    const element = document.createElementNS(SVG, name);
    Object.entries(attributes).forEach(([key, value]) => element.setAttribute(key, String(value)));
    element.textContent = words;
    return element;
}

/* The same as a drawing, to be saved. */
function onPaper(unit: "day" | "month" | "year", buckets: readonly Bucket[], most: number): SVGElement {
    const { width, height, foot } = PAPER;
    const svg = drawn("svg", { width, height, viewBox: `0 0 ${width} ${height}` });
    const rtl = language.value === "ar";
    const each = width / Math.max(1, buckets.length);
    const bar = Math.min(30, each * 0.84);
    const tall = height - foot - 14;
    const every = Math.max(1, Math.ceil((buckets.length * TICK_WIDTH[unit] * 1.15) / width));
    buckets.forEach((bucket, i) => {
        const middle = rtl ? width - (i + 0.5) * each : (i + 0.5) * each;
        const part = (n: number, kind: string) => svg.append(drawn("rect", { class: kind, x: (middle - bar / 2).toFixed(1), width: bar.toFixed(1), y: (14 + tall - (n / most) * tall).toFixed(1), height: ((n / most) * tall).toFixed(1) }));
        part(bucket.incidents, "paper-all");
        part(bucket.disputed, "paper-disputed");
        if (i % every === 0 && i + every <= buckets.length) {
            svg.append(drawn("text", { class: "paper-words", x: (rtl ? width - i * each : i * each).toFixed(1), y: height - 6, "text-anchor": "start", direction: rtl ? "rtl" : "ltr" }, label(unit, bucket, false)));
        }
    });
    svg.append(drawn("line", { class: "paper-line", x1: 0, x2: width, y1: 14 + tall, y2: 14 + tall }));
    svg.append(drawn("text", { class: "paper-words", x: rtl ? width : 0, y: 10, "text-anchor": "start", direction: rtl ? "rtl" : "ltr" }, t("timeline_paper", { most: number(most) })));
    return svg;
}

export function Timeline({ data, loading, failed, from, to, near, onNear, onRange }: TimelineProps) {
    const { element: plot, width } = useWidth(600);
    const paper = useRef<HTMLDivElement>(null);
    const [drag, setDrag] = useState<[number, number] | null>(null);
    const [over, setOver] = useState<number | null>(null);
    const unit = data?.unit ?? "month";
    const buckets = useMemo(() => whole(unit, data?.buckets ?? []), [data]);
    const most = Math.max(1, ...buckets.map((bucket) => bucket.incidents));
    const held = drag?.every((i) => i < buckets.length) ? ([Math.min(...drag), Math.max(...drag)] as [number, number]) : chosenOf(buckets, from, to);
    useEffect(() => setOver(null), [data]);

    const at = (event: PointerEvent): number => {
        const box = plot.current!.getBoundingClientRect();
        const share = (event.clientX - box.left) / Math.max(1, box.width);
        const along = language.value === "ar" ? 1 - share : share;
        return Math.max(0, Math.min(buckets.length - 1, Math.floor(along * buckets.length)));
    };
    const choose = ([first, last]: [number, number]) => onRange(buckets[first]!.from, buckets[last]!.to);
    const down = (event: PointerEvent) => {
        if (event.button === 0 && buckets.length) {
            plot.current!.setPointerCapture(event.pointerId);
            setDrag([at(event), at(event)]);
        }
    };
    const moved = (event: PointerEvent) => {
        if (buckets.length) {
            setOver(at(event));
            setDrag((was) => was && [was[0], at(event)]);
        }
    };
    const up = () => {
        if (drag) {
            const range: [number, number] = [Math.min(...drag), Math.max(...drag)];
            const now = chosenOf(buckets, from, to);
            setDrag(null);
            // One more press on the only bucket that is chosen lets it go.
            if (now && now[0] === range[0] && now[1] === range[1]) {
                onRange("", "");
            } else {
                choose(range);
            }
        }
    };
    const end = (which: 0 | 1) => {
        const [first, last] = held ?? [0, buckets.length - 1];
        const value = which ? last : first;
        const step = (event: KeyboardEvent) => {
            const forward = language.value === "ar" ? "ArrowLeft" : "ArrowRight";
            const back = language.value === "ar" ? "ArrowRight" : "ArrowLeft";
            const next = { [forward]: value + 1, ArrowUp: value + 1, [back]: value - 1, ArrowDown: value - 1, Home: which ? first : 0, End: which ? buckets.length - 1 : last }[event.key];
            if (next === undefined) {
                if (event.key === "Escape" && held) {
                    onRange("", "");
                }
                return;
            }
            event.preventDefault();
            const inside = which ? Math.max(first, Math.min(buckets.length - 1, next)) : Math.max(0, Math.min(last, next));
            choose(which ? [first, inside] : [inside, last]);
        };
        return (
            <span class={`timeline-end at-${which ? "end" : "start"}`} role="slider" tabIndex={0} aria-label={t(which ? "timeline_to" : "timeline_from")} aria-valuemin={0} aria-valuemax={buckets.length - 1} aria-valuenow={value}
                aria-valuetext={buckets[value] ? label(unit, buckets[value]) : ""} style={{ insetInlineStart: `${((which ? last + 1 : first) / buckets.length) * 100}%` }} onKeyDown={step} />
        );
    };
    const find = (): SVGSVGElement => {
        const svg = onPaper(unit, buckets, most);
        paper.current!.replaceChildren(svg);
        return svg as SVGSVGElement;
    };
    const shownAt = over !== null ? buckets[over] : undefined;
    const every = Math.max(1, Math.ceil((buckets.length * TICK_WIDTH[unit] * (hijri.value && unit !== "year" ? 1.9 : 1)) / Math.max(1, width)));
    const told = shownAt
        ? t("timeline_told", { when: label(unit, shownAt), incidents: t("count", { count: shownAt.incidents }), disputed: number(shownAt.disputed) })
        : held && (from || to) ? t("timeline_chosen", { from: label(unit, buckets[held[0]]!), to: label(unit, buckets[held[1]]!) })
        : data?.undated ? t("timeline_undated", { count: data.undated }) : buckets.length ? t("timeline_hint") : "";

    return (
        <section class={loading ? "timeline loading" : "timeline"} aria-label={t("timeline_label")} aria-busy={loading}>
            <div class="timeline-head">
                <p class="timeline-told">{failed ? t("timeline_failed") : told}</p>
                <span class="timeline-key"><i class="key-all" />{t("timeline_all")}<i class="key-disputed" />{t("timeline_disputed")}</span>
                {(from || to || near) && <IconButton icon={near ? "back" : "search"} label={t(near ? "timeline_whole" : "timeline_near")} onClick={() => onNear(!near)} />}
                {(from || to) && <IconButton icon="close" label={t("timeline_clear")} onClick={() => (onNear(false), onRange("", ""))} />}
                {buckets.length > 0 && <SaveChart find={find} picture={() => ({ title: t("timeline_label"), source: t("timeline_source", { address: location.href }), name: "timeline" })} />}
            </div>
            <div class="unseen" aria-hidden="true" ref={paper} />
            <div class="timeline-plot" ref={plot} onPointerDown={down} onPointerMove={moved} onPointerUp={up} onPointerCancel={() => setDrag(null)} onPointerLeave={() => setOver(null)}>
                {buckets.map((bucket, i) => (
                    <span key={bucket.from} class={["timeline-bar", held && (i < held[0] || i > held[1]) && "out", i === over && "over"].filter(Boolean).join(" ")}>
                        {bucket.incidents > 0 && (
                            <span class="bar-all" style={{ blockSize: `max(2px, ${(bucket.incidents / most) * 100}%)` }}>
                                {bucket.disputed > 0 && <span class="bar-disputed" style={{ blockSize: `max(2px, ${(bucket.disputed / bucket.incidents) * 100}%)` }} />}
                            </span>
                        )}
                    </span>
                ))}
                {held && <span class="timeline-held" style={{ insetInlineStart: `${(held[0] / buckets.length) * 100}%`, inlineSize: `${((held[1] - held[0] + 1) / buckets.length) * 100}%` }} />}
                {buckets.length > 0 && end(0)}
                {buckets.length > 0 && end(1)}
            </div>
            <div class={hijri.value ? "timeline-ticks with-hijri" : "timeline-ticks"} aria-hidden="true">
                {buckets.map((bucket, i) => i % every === 0 && (i + every <= buckets.length || buckets.length < every) && (
                    <span key={bucket.from} style={{ insetInlineStart: `${(i / buckets.length) * 100}%` }}>{label(unit, bucket)}</span>
                ))}
            </div>
        </section>
    );
}
