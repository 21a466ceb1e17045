/* The incidents: a list that a search, facets, a timeline and a map narrow together. What is chosen stands in the address. */
import { Component, type ComponentChildren, type ComponentType } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { useSaid } from "../../acts";
import { ApiError, get } from "../../api";
import { href, incidentHref } from "../../base";
import { useWidth } from "../../charts/measure";
import { Timeline, type TimelineData } from "../../charts/Timeline";
import { Title } from "../../frame/Title";
import { useCommands } from "../../frame/Palette";
import { number, t } from "../../i18n";
import type { MapProps } from "../../map/IncidentMap";
import { useEvents, useResource } from "../../resource";
import { go, goTo, place } from "../../router";
import type { ViewProps } from "../../routes";
import { may, user } from "../../session";
import { language } from "../../settings";
import { Button, ButtonLink, Dialog, Empty, errorWords, Icon, IconButton, Loading, Select, useMedia, useShortcuts, VirtualList, type ListHandle } from "../../ui";
import { Bulk } from "./Bulk";
import { Chips, Facets } from "./Facets";
import { asked, isFiltered, keyOf, ORDERS, readFilter, SEVERAL, SINGLE, written, type Change, type Filter } from "./filter";
import { askGrades } from "../../grades";
import type { Summary } from "../../shapes";
import { pointed } from "./pointed";
import { IncidentRow, pointAt } from "./Row";
import { IncidentRows } from "./rows";
import { SearchField } from "./SearchField";
import type { FacetsAnswer } from "./shapes";
import { chosen, siteName } from "./words";

const WIDE = "(min-width: 1000px)";
const ROOMY = "(min-width: 1200px)";
/* Two lines; with an excerpt of what was found three; on a narrow list three and four. */
const HEIGHTS = { wide: [56, 76], narrow: [80, 100] } as const;
const NARROW_LIST = 560;

/* The list as it was left, for who comes back to it. */
let left: { key: string; rows: IncidentRows; row: number } | null = early();

/* Who comes here first has the first rows asked for while the page is still being made. */
function early() {
    const { path, query } = place.peek();
    if (!/^(incidents)?$/.test(path)) {
        return null;
    }
    const fields = asked(readFilter(query));
    const rows = new IncidentRows(fields);
    rows.want(0, 1);
    return { key: keyOf(fields), rows, row: 0 };
}

function useRows(fields: Record<string, string>) {
    const key = keyOf(fields);
    const begin = useRef(0);
    const back = useRef(false);
    const rows = useMemo(() => {
        const again = left?.key === key && !left.rows.error ? left.rows : null;
        begin.current = again ? left!.row : 0;
        back.current = Boolean(again && again.total !== null);
        left = null;
        return again ?? new IncidentRows(fields);
    }, [key]);
    return { key, rows, begin: begin.current, back };
}

/* Left for another page, the list keeps where it was; what changed meanwhile is asked for on coming back. */
function useLeaving(now: ReturnType<typeof useRows>, list: { current: ListHandle | null }): void {
    const latest = useRef(now);
    latest.current = now;
    useEffect(() => {
        const { rows, begin, back } = latest.current;
        if (back.current) {
            void rows.refresh(begin).catch(() => undefined);
        }
        return () => void (left = { key: latest.current.key, rows: latest.current.rows, row: list.current?.first().row ?? 0 });
    }, []);
}

/* Whether the first rows are on the screen: tests/web/paint.mjs measures when. */
function usePainted(ready: boolean): boolean {
    const [painted, setPainted] = useState(false);
    useEffect(() => {
        if (ready) {
            requestAnimationFrame(() => requestAnimationFrame(() => (performance.mark("rows-shown"), setPainted(true))));
        }
    }, [ready]);
    return painted;
}

/* A change of the filter as another address: one step back leads to what was before. */
function useFilter(query: URLSearchParams) {
    const filter = useMemo(() => readFilter(query), [query]);
    const others = useMemo(() => Object.fromEntries([...query].filter(([name]) => ![...SEVERAL, ...SINGLE].includes(name as never))), [query]);
    const set = (next: Filter, quiet = false) => go(place.peek().path, { ...written(next), ...others }, { quiet });
    return {
        filter, view: query.get("view") ?? "",
        change: (change: Change, quiet = false) => set({ ...filter, ...change }, quiet),
        clear: () => set({ ...readFilter(new URLSearchParams()), order: filter.order }),
        show: (view: string) => go(place.peek().path, { ...written(filter), ...others, view }, { quiet: true }),
    };
}

/* What a server does not know of is not shown, and not asked for again. */
const missing = (error: unknown): boolean => error instanceof ApiError && error.status === 404;

interface Counted {
    total: number | null;
    capped: boolean;
}

function Count({ total, capped }: Counted) {
    return <p class="incidents-count" role="status">{total === null ? "" : capped ? t("count_capped", { n: number(total) }) : t("count", { count: total })}</p>;
}

function NothingYet() {
    return (
        <Empty icon="document" title={t("empty_title")}>
            <p>{t("empty_words")}</p>
            {may("add") ? <ButtonLink kind="strong" icon="add" href={href("add")}>{t("empty_add")}</ButtonLink> : <p class="quiet">{t("empty_ask")}</p>}
        </Empty>
    );
}

/* Loaded when the list stands. */
let loadedMap: ComponentType<MapProps> | null = null;

class MapGuard extends Component<{ children: ComponentChildren }, { broken: boolean }> {
    static override getDerivedStateFromError = () => ({ broken: true });
    override state = { broken: false };
    render() {
        return this.state.broken ? <Empty icon="map" title={t("map_failed")} /> : this.props.children;
    }
}

function LaterMap({ ready, ...props }: MapProps & { ready: boolean }) {
    const [Map, setMap] = useState<{ it: ComponentType<MapProps> | null }>({ it: loadedMap });
    useEffect(() => {
        if (ready && !Map.it) {
            import("../../map/IncidentMap").then((module) => setMap({ it: (loadedMap = module.IncidentMap) }), () => undefined);
        }
    }, [ready]);
    return Map.it ? <MapGuard><Map.it {...props} /></MapGuard> : <Loading label={t("map_loading")} />;
}

function useBulk(rows: IncidentRows) {
    const [ids, setIds] = useState<ReadonlySet<string>>(new Set());
    useEffect(() => setIds(new Set()), [rows]);
    const toggle = (id: string) => setIds((was) => {
        const next = new Set(was);
        if (!next.delete(id)) {
            next.add(id);
        }
        return next;
    });
    return { ids, toggle, clear: () => setIds(new Set()) };
}

/* How many reports came since the list was drawn, and how to have them without losing one's place. */
function useNews(rows: IncidentRows, list: { current: ListHandle | null }, others: () => void) {
    const [news, setNews] = useState({ reports: 0, acts: 0 });
    useEffect(() => setNews({ reports: 0, acts: 0 }), [rows]);
    useEvents(["added", "act"], (name, data) => {
        const told = data as { documents?: number; who?: string } | null;
        if (name === "act" && told?.who && told.who === user.peek()?.name) {
            return; // one's own
        }
        setNews((was) => (name === "added" ? { ...was, reports: was.reports + Math.max(1, told?.documents ?? 1) } : { ...was, acts: was.acts + 1 }));
    });
    const take = async () => {
        const at = list.current?.first() ?? { row: 0, rest: 0 };
        const top = at.row > 0 ? rows.at(at.row) : undefined;
        await rows.refresh(at.row);
        const now = top ? rows.indexOf(top.id) : -1;
        if (now >= 0 && now !== at.row) {
            list.current?.put(now, at.rest);
        }
        setNews({ reports: 0, acts: 0 });
        others();
    };
    return { news, take: () => void take().catch((error: unknown) => ((rows.error = error), rows.changed())) };
}

function News({ reports, acts, take }: { reports: number; acts: number; take: () => void }) {
    return (
        <div class="news" role="status">
            {(reports > 0 || acts > 0) && (
                <button type="button" class="news-chip" onClick={take}><Icon name="up" size={14} />{reports > 0 ? t("news_reports", { count: reports }) : t("news_acts", { count: acts })}</button>
            )}
        </div>
    );
}

export default function Incidents({ query }: ViewProps) {
    const { filter, view, change, clear, show } = useFilter(query);
    const fields = asked(filter);
    const unordered = asked(filter, ["order"]);
    const { key, rows, begin, back } = useRows(fields);
    const [sheet, setSheet] = useState(false);
    const [near, setNear] = useState(false);
    const [, draw] = useState(0);
    const wide = useMedia(WIDE);
    const roomy = useMedia(ROOMY);
    const mapShown = wide ? view !== "list" : view === "map";
    const listShown = wide || view !== "map";
    const list = useRef<ListHandle | null>(null);
    const { element: column, width: listWidth } = useWidth();
    const here = useRef<Summary | null>(null);
    const facetsHere = useRef<HTMLElement>(null);
    const counted = { total: rows.total, capped: rows.capped };
    // The first rows come before all else; from then on everything is asked at once, and the old stays until the new is there.
    const begun = useRef(false);
    begun.current ||= counted.total !== null || rows.error !== null;
    const ready = begun.current;
    const facets = useResource<FacetsAnswer>(ready ? keyOf(unordered) : null, (signal) => get("facets", unordered, signal));
    const without = near ? unordered : asked(filter, ["order", "from", "to"]);
    const timeline = useResource<TimelineData>(ready ? keyOf(without) : null, (signal) => get("timeline", without, signal));
    const reviews = may("review");
    const bulk = useBulk(rows);
    const { news, take } = useNews(rows, list, () => (facets.reload(), timeline.reload()));

    useSaid(take);
    useEffect(askGrades, []);
    useEffect(() => {
        rows.around = () => draw((n) => n + 1);
        return () => void (rows.around = () => undefined);
    }, [rows]);
    useEffect(() => void (!listShown && rows.total === null && rows.want(0, 1)), [rows, listShown]); // no list asks there
    useEffect(() => void (here.current = null), [rows]);
    useEffect(() => () => void (pointed.value = null), []);
    useLeaving({ key, rows, begin, back }, list);
    const painted = usePainted(ready);

    const openFacets = () => (roomy ? facetsHere.current?.querySelector<HTMLElement>("button, input")?.focus() : setSheet(true));
    const move = (step: number) => list.current?.go((document.activeElement?.closest(".virtual") ? list.current.active() + step : list.current.active()));
    const choose = () => here.current && reviews && bulk.toggle(here.current.id);
    useShortcuts([
        { keys: "j", label: "key_next", run: () => move(1) },
        { keys: "k", label: "key_before", run: () => move(-1) },
        ...(reviews ? [{ keys: "x", label: "key_choose", run: () => void choose() }] : []),
        { keys: "f", label: "key_facets", run: openFacets },
        { keys: "m", label: "key_map", run: () => show(wide ? (view === "list" ? "" : "list") : view === "map" ? "" : "map") },
    ]);
    useCommands([{ label: t("clear_all"), icon: "filter", run: clear }]);

    const narrowList = listWidth > 0 && listWidth < NARROW_LIST;
    const height = Math.round(HEIGHTS[narrowList ? "narrow" : "wide"][filter.text ? 1 : 0] * (language.value === "ar" ? 1.14 : 1));
    const wrong = rows.error instanceof ApiError && rows.error.status === 400 && filter.text ? errorWords(rows.error) : "";
    const chips = chosen(filter, SEVERAL, facets.data);
    const facetProps = { facets: facets.data, filter, change };
    const facetsKnown = !missing(facets.error);
    const nothing = counted.total === 0 && !isFiltered(filter);
    const orders = ORDERS.map((value) => ({ value, label: t(`order_${value.replace("-", "_")}`) }));
    const more = chips.length - (filter.text ? 1 : 0);

    const empty = nothing ? <NothingYet /> : (
        <Empty icon="search" title={t("none_title")}><p>{t("none_words")}</p><Button onClick={clear}>{t("clear_all")}</Button></Empty>
    );
    const row = (summary: Summary, index: number) => (
        <IncidentRow row={summary} narrow={narrowList} isActive={index === (list.current?.active() ?? 0)} isChosen={bulk.ids.has(summary.id)}
            choice={reviews && (
                <label class="incident-choice"><input type="checkbox" tabIndex={index === (list.current?.active() ?? 0) ? 0 : -1} checked={bulk.ids.has(summary.id)} onChange={() => bulk.toggle(summary.id)} aria-label={t("choose", { what: siteName(summary.place ?? {}) || summary.id })} /></label>
            )} />
    );

    return (
        <div class={["incidents", mapShown && "with-map", !listShown && "map-alone", nothing && "is-empty"].filter(Boolean).join(" ")}>
            {facetsKnown && roomy && !nothing && (
                <aside class="incidents-side" aria-label={t("facets_label")} ref={facetsHere}>
                    {facets.data ? <Facets {...facetProps} /> : facets.error ? <p class="quiet">{errorWords(facets.error)}</p> : <div class="facets-waiting" aria-hidden="true" />}
                </aside>
            )}
            <div class="incidents-main">
                <header class="incidents-head">
                    <div class="incidents-title"><Title words={t("title_incidents")} /><Count {...counted} /></div>
                    {!nothing && <SearchField text={filter.text} error={wrong} onText={(text, typing) => change({ text }, typing)} />}
                    {!nothing && <div class="incidents-tools">
                        {facetsKnown && !roomy && (
                            <Button icon="filter" onClick={() => setSheet(true)} class="filter-button">{t("filter")}{more > 0 && <span class="facet-on">{number(more)}</span>}</Button>
                        )}
                        <Select aria-label={t("order_label")} class="order" options={orders} value={filter.order || ORDERS[0]} onValue={(order) => change({ order: order === ORDERS[0] ? "" : order })} />
                        <IconButton icon={!wide && mapShown ? "incidents" : "map"} label={t(!wide && mapShown ? "show_list" : mapShown ? "hide_map" : "show_map")} pressed={mapShown} onClick={() => show(wide ? (mapShown ? "list" : "") : mapShown ? "" : "map")} />
                    </div>}
                </header>
                <Chips chips={chips} change={change} clear={clear} />
                {!missing(timeline.error) && !nothing && (
                    <Timeline data={timeline.data} loading={timeline.loading} failed={Boolean(timeline.error)} from={filter.from} to={filter.to} near={near} onNear={setNear} onRange={(from, to) => change({ from, to })} />
                )}
                <div class="incidents-list" ref={column} hidden={!listShown}>
                    <News {...news} take={take} />
                    {listWidth > 0 && (
                        <VirtualList listKey={key} source={rows} handle={list} begin={begin} rowHeight={height} label={t("title_incidents")} row={row} empty={wrong ? null : empty} class={narrowList ? "narrow" : "wide"}
                            onOpen={(summary) => goTo(incidentHref(summary.id))}
                            onActive={(summary) => ((here.current = summary), draw((n) => n + 1), pointAt(summary))} />
                    )}
                    <Bulk ids={[...bulk.ids]} assignees={(facets.data?.assignees ?? []).map((one) => one.value).filter((name) => name !== "none")} clear={bulk.clear} />
                </div>
            </div>
            {mapShown && !nothing && (
                <section class="incidents-map" aria-label={t("map_section")}>
                    <LaterMap ready={painted} fields={asked(filter, ["order", "box"])} box={filter.box} onBox={(box) => change({ box })} />
                </section>
            )}
            {sheet && (
                <Dialog title={t("facets_label")} onClose={() => setSheet(false)} class="facet-sheet"
                    actions={<><Button onClick={clear} disabled={!chips.length}>{t("clear_all")}</Button><Button kind="strong" onClick={() => setSheet(false)}>{counted.total === null ? t("close") : t("sheet_show", { count: counted.total })}</Button></>}>
                    <Facets {...facetProps} />
                </Dialog>
            )}
        </div>
    );
}
