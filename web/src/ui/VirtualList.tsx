/* A list of any length: only the rows that are seen are in the page, and they are asked as one comes near them. All rows
 * are equally high. Browsers end elements at some 33 million pixels: longer lists are shown through a moving window
 * (the way of SlickGrid): small moves scroll exactly, jumps go to the same share of the list. */
import type { ComponentChildren } from "preact";
import { useEffect, useLayoutEffect, useMemo, useReducer, useRef, useState } from "preact/hooks";
import { t } from "../i18n";
import { Button } from "./basics";
import { PagedRows, type LoadPage, type RowSource } from "./paged";
import { errorWords, ErrorBox, Loading, Spinner } from "./states";

const LONGEST = 8_000_000;
const PART = LONGEST / 100;
const AROUND = 6;

interface VirtualListProps<Row> {
    /* What is asked: another key begins another list. */
    listKey: string;
    /* One of the two: what gives page after page, or rows of the caller's own. */
    load?: LoadPage<Row>;
    source?: RowSource<Row>;
    /* Filled with what moves in the list from outside. */
    handle?: { current: ListHandle | null };
    /* Where to begin, in rows. */
    begin?: number;
    rowHeight: number;
    label: string;
    row: (row: Row, index: number) => ComponentChildren;
    /* Enter on a row. */
    onOpen?: (row: Row, index: number) => void;
    onActive?: (row: Row, index: number) => void;
    empty?: ComponentChildren;
    class?: string;
}

export interface ListHandle {
    /* The row that the keys are at. */
    active: () => number;
    /* Brings a row into view; with `focus`, the keys too. */
    go: (index: number, focus?: boolean) => void;
    /* The first row that is seen whole, and how far it stands below the upper edge. */
    first: () => { row: number; rest: number };
    /* Puts a row where first() said one was. */
    put: (row: number, rest: number) => void;
}

/* Where one is in a list of `height` pixels that is shown as at most LONGEST. */
class Window {
    private part = 0;
    offset = 0;
    private before = 0;

    private jump(height: number): number {
        return height <= LONGEST ? 0 : (height - LONGEST) / (Math.floor(height / PART) - 1);
    }

    /* Takes a scroll position; gives the one to set instead, if another. */
    scrolled(at: number, height: number, seen: number): number {
        const jump = this.jump(height);
        if (jump === 0) {
            this.offset = 0;
            this.part = 0;
        } else if (Math.abs(at - this.before) < seen) {
            const wanted = Math.min(Math.floor((at + this.offset) / PART), Math.floor(height / PART) - 1);
            if (wanted !== this.part) {
                const virtual = at + this.offset;
                this.part = wanted;
                this.offset = Math.round(wanted * jump);
                at = Math.max(0, virtual - this.offset);
            }
        } else {
            this.part = Math.min(Math.floor(height / PART) - 1, Math.floor((at * ((height - seen) / (LONGEST - seen))) / PART));
            this.offset = Math.round(this.part * jump);
        }
        this.before = at;
        return at;
    }

    /* The position that shows a place of the whole list. */
    show(virtual: number, height: number): number {
        this.part = this.jump(height) === 0 ? 0 : Math.min(Math.floor(virtual / PART), Math.floor(height / PART) - 1);
        this.offset = Math.round(this.part * this.jump(height));
        this.before = Math.max(0, virtual - this.offset);
        return this.before;
    }
}

export function VirtualList<Row>({ listKey, load, source, handle, begin = 0, rowHeight, label, row, onOpen, onActive, empty, class: own }: VirtualListProps<Row>) {
    const [, redraw] = useReducer((n: number) => n + 1, 0);
    const rows = useMemo<RowSource<Row>>(() => source ?? new PagedRows<Row>(load!, () => undefined), [listKey, source]);
    rows.changed = () => redraw(0);
    const view = useMemo(() => new Window(), [listKey]);
    const box = useRef<HTMLDivElement>(null);
    const [seen, setSeen] = useState(0);
    const [active, setActive] = useState(0);
    const focusing = useRef(false);
    const lastTop = useRef(0);
    const height = rows.size * rowHeight;

    useEffect(() => () => rows.stop(), [rows]);
    useLayoutEffect(() => {
        const element = box.current!;
        element.scrollTop = begin ? view.show(begin * rowHeight, height) : 0;
        setActive(begin);
        const observer = new ResizeObserver(() => setSeen(element.clientHeight));
        observer.observe(element);
        setSeen(element.clientHeight);
        return () => observer.disconnect();
    }, [rows]);

    const top = (box.current?.scrollTop ?? 0) + view.offset;
    const from = Math.max(0, Math.floor(top / rowHeight) - AROUND);
    const to = Math.min(rows.size, Math.ceil((top + seen) / rowHeight) + AROUND);
    useEffect(() => {
        if (seen > 0 && !rows.error) {
            rows.want(from, Math.ceil((top + 2 * seen) / rowHeight) + AROUND);
        }
    });

    const scroll = () => {
        const element = box.current!;
        const at = view.scrolled(element.scrollTop, height, seen);
        if (at !== element.scrollTop) {
            element.scrollTop = at;
        }
        lastTop.current = at + view.offset;
        redraw(0);
    };
    const move = (index: number, focus = true) => {
        const next = Math.max(0, Math.min(rows.size - 1, index));
        const element = box.current!;
        const virtual = element.scrollTop + view.offset;
        const wanted = next * rowHeight < virtual ? next * rowHeight : (next + 1) * rowHeight > virtual + seen ? (next + 1) * rowHeight - seen : virtual;
        if (wanted !== virtual) {
            element.scrollTop = view.show(wanted, height);
        }
        focusing.current = focus;
        setActive(next);
        redraw(0);
        const found = rows.at(next);
        if (found !== undefined) {
            onActive?.(found, next);
        }
    };
    if (handle) {
        // Asked while the page is taken down, when the element is gone already.
        const at = () => (box.current ? box.current.scrollTop + view.offset : lastTop.current);
        handle.current = {
            active: () => active,
            go: move,
            first: () => ({ row: Math.ceil(at() / rowHeight), rest: Math.ceil(at() / rowHeight) * rowHeight - at() }),
            put: (row, rest) => {
                box.current!.scrollTop = view.show(Math.max(0, row * rowHeight - rest), height);
                redraw(0);
            },
        };
    }
    useLayoutEffect(() => {
        if (focusing.current) {
            const element = box.current?.querySelector<HTMLElement>(`[data-row="${active}"]`);
            if (element) {
                focusing.current = false;
                element.focus({ preventScroll: true });
            }
        }
    });
    const key = (event: KeyboardEvent) => {
        const typing = event.target instanceof Element && event.target.matches("input, textarea, select");
        if (typing || event.ctrlKey || event.metaKey || event.altKey) {
            return;
        }
        const page = Math.max(1, Math.floor(seen / rowHeight) - 1);
        const step: Record<string, number> = { ArrowDown: active + 1, j: active + 1, ArrowUp: active - 1, k: active - 1, PageDown: active + page, PageUp: active - page, Home: 0, End: rows.size - 1 };
        const next = step[event.key];
        const found = rows.at(active);
        if (next !== undefined) {
            event.preventDefault();
            move(next);
        } else if (event.key === "Enter" && event.target instanceof HTMLElement && event.target.dataset.row !== undefined && found !== undefined) {
            onOpen?.(found, active);
        }
    };

    const drawn = [];
    for (let i = from; i < to; i++) {
        const found = rows.at(i);
        drawn.push(
            <div key={i} class={i === active ? "virtual-row active" : "virtual-row"} role="listitem" aria-setsize={rows.more ? -1 : rows.size} aria-posinset={i + 1}
                data-row={i} tabIndex={i === active ? 0 : -1} style={{ blockSize: `${rowHeight}px`, insetBlockStart: `${i * rowHeight - view.offset}px` }}
                onFocus={() => (i !== active && setActive(i), found !== undefined && onActive?.(found, i))}>
                {found === undefined ? <span class="virtual-waiting" /> : row(found, i)}
            </div>,
        );
    }
    return (
        <div ref={box} class={["virtual", own].filter(Boolean).join(" ")} onScroll={scroll} onKeyDown={key} tabIndex={drawn.length ? -1 : undefined}>
            {rows.empty ? empty : null}
            {rows.size === 0 && !rows.empty && (rows.error ? <ErrorBox error={rows.error} again={() => rows.again()} /> : <Loading />)}
            {rows.size > 0 && (
                <div class="virtual-whole" role="list" aria-label={label} style={{ blockSize: `${Math.min(height, LONGEST)}px` }}>{drawn}</div>
            )}
            {rows.size > 0 && rows.more && (
                <div class="virtual-end">
                    {rows.error ? <><bdi>{errorWords(rows.error)}</bdi> <Button small onClick={() => rows.again()}>{t("error_again")}</Button></> : <Spinner />}
                </div>
            )}
        </div>
    );
}
