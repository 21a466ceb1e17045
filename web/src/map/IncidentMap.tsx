/* Where the incidents of a filter happened. Loaded after the list; by MapLibre, or as SVG where there is no WebGL. */
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { ApiError, get } from "../api";
import { number, t } from "../i18n";
import { useResource } from "../resource";
import { isDark, language } from "../settings";
import { Button, IconButton, Popover } from "../ui";
import { readBox, writtenBox } from "../views/incidents/filter";
import { kilometres, pointed } from "../views/incidents/pointed";
import type { MapAnswer, MapPlace } from "../views/incidents/shapes";
import { siteName } from "../views/incidents/words";
import { askNames, askOutlines, type Box, type Ground } from "./base";
import { Overlay, sizeOf, type Mark } from "./overlay";

export interface MapProps {
    /* What is asked for, but for the area. */
    fields: Record<string, string>;
    box: string;
    onBox: (box: string) => void;
}

const FIRST_ZOOM = 3;
const NEAR_ZOOM = 8;
const DEEPEST = 13;
/* From here on what lies far outside is not asked for, so that what is seen is parted finely enough. */
const PART_ZOOM = 4;
const KM_A_DEGREE = 111.195;
const LISTED = 40;

function hasGl(): boolean {
    try {
        const found = document.createElement("canvas").getContext("webgl2");
        found?.getExtension("WEBGL_lose_context")?.loseContext();
        return Boolean(found);
    } catch {
        return false;
    }
}

async function groundIn(container: HTMLElement): Promise<Ground> {
    const outlines = await askOutlines().catch(() => ({ countries: [], borders: [], coasts: [] })); // circles alone are better than nothing
    if (hasGl()) {
        try {
            return (await import("./gl")).glGround(container, outlines);
        } catch {
            container.replaceChildren();
        }
    }
    return (await import("./plain")).plainGround(container, outlines);
}

const around = ({ lat, lon, radius_km }: { lat: number; lon: number; radius_km: number }, least: number): Box => {
    const high = Math.max(radius_km, least) / KM_A_DEGREE;
    const wide = high / Math.max(0.1, Math.cos((lat * Math.PI) / 180));
    return { south: Math.max(-85, lat - high), north: Math.min(85, lat + high), west: Math.max(-180, lon - wide), east: Math.min(180, lon + wide) };
};

const joinedBox = (boxes: readonly Box[]): Box => ({
    south: Math.min(...boxes.map((b) => b.south)), west: Math.min(...boxes.map((b) => b.west)), north: Math.max(...boxes.map((b) => b.north)), east: Math.max(...boxes.map((b) => b.east)),
});

function extent(places: readonly MapPlace[]): Box | null {
    return places.length ? joinedBox(places.map((place) => around(place, 25))) : null;
}

const coordinates = ({ lat, lon }: MapPlace): string => `${lat.toFixed(2)}, ${lon.toFixed(2)}`;

function markOf(place: MapPlace): Mark {
    const name = siteName(place);
    const count = t("count", { count: place.incidents });
    const killed = place.killed > 0 ? t("map_killed", { count: place.killed }) : "";
    return {
        ...place, name, onePlace: Boolean(place.name || place.name_ar),
        label: [name || coordinates(place), count, killed, place.precise ? "" : t("map_radius", { km: Math.max(1, Math.round(place.radius_km)) })].filter(Boolean).join(" · "),
    };
}

const TOUCH = 0.8;
const MANY = 700;

/* Marks that would cover one another stand as one: the server parts the map by a grid, whose lines people do not see. */
function gathered(marks: readonly Mark[], ground: Ground): Mark[] {
    if (marks.length > MANY) {
        return [...marks];
    }
    const left = marks.map((mark) => ({ mark, at: ground.project(mark.lon, mark.lat) })).sort((a, b) => b.mark.incidents - a.mark.incidents);
    const most = Math.max(1, ...marks.map((mark) => mark.incidents));
    const kept: typeof left = [];
    for (const one of left) {
        const under = kept.find((other) => Math.hypot(other.at.x - one.at.x, other.at.y - one.at.y) < TOUCH * (sizeOf(other.mark, most) + sizeOf(one.mark, most)));
        if (under) {
            under.mark = joinedMark(under.mark, one.mark);
        } else {
            kept.push({ ...one });
        }
    }
    return kept.map((one) => one.mark);
}

function joinedMark(a: Mark, b: Mark): Mark {
    const incidents = a.incidents + b.incidents;
    const share = b.incidents / incidents;
    const middle = { lat: a.lat + (b.lat - a.lat) * share, lon: a.lon + (b.lon - a.lon) * share };
    const radius_km = Math.max(kilometres(middle, a) + a.radius_km, kilometres(middle, b) + b.radius_km);
    return markOf({ ...middle, radius_km, incidents, incident: null, name: null, name_ar: null, killed: a.killed + b.killed, precise: a.precise && b.precise });
}

/* What is seen, with room around it, on a grid: a small move asks nothing. */
function seenBox(ground: Ground): Box {
    const low = ground.unproject({ x: -ground.width / 2, y: ground.height * 1.5 });
    const high = ground.unproject({ x: ground.width * 1.5, y: -ground.height / 2 });
    const grid = 90 / 2 ** Math.floor(ground.zoom);
    return {
        south: Math.max(-90, Math.floor(low.lat / grid) * grid), west: Math.max(-180, Math.floor(low.lon / grid) * grid),
        north: Math.min(90, Math.ceil(high.lat / grid) * grid), east: Math.min(180, Math.ceil(high.lon / grid) * grid),
    };
}

function shared(a: Box | null, b: Box | null): Box | null {
    if (!a || !b) {
        return a ?? b;
    }
    const both = { south: Math.max(a.south, b.south), west: Math.max(a.west, b.west), north: Math.min(a.north, b.north), east: Math.min(a.east, b.east) };
    return both.south < both.north && both.west < both.east ? both : a;
}

interface Seen {
    zoom: number;
    box: Box | null;
}

/* A rectangle drawn over the map. */
function Draw({ ground, onBox, onEnd }: { ground: Ground; onBox: (box: Box) => void; onEnd: () => void }) {
    const [from, setFrom] = useState<{ x: number; y: number } | null>(null);
    const [to, setTo] = useState<{ x: number; y: number } | null>(null);
    const at = (event: PointerEvent) => {
        const box = (event.currentTarget as HTMLElement).getBoundingClientRect();
        return { x: event.clientX - box.left, y: event.clientY - box.top };
    };
    useLayoutEffect(() => {
        const escape = (event: KeyboardEvent) => event.key === "Escape" && onEnd();
        document.addEventListener("keydown", escape);
        return () => document.removeEventListener("keydown", escape);
    }, []);
    const up = () => {
        if (from && to && Math.abs(from.x - to.x) > 4 && Math.abs(from.y - to.y) > 4) {
            const low = ground.unproject({ x: Math.min(from.x, to.x), y: Math.max(from.y, to.y) });
            const high = ground.unproject({ x: Math.max(from.x, to.x), y: Math.min(from.y, to.y) });
            onBox({ south: low.lat, west: low.lon, north: high.lat, east: high.lon });
        }
        onEnd();
    };
    return (
        <div class="map-draw" onPointerDown={(event) => ((event.currentTarget as HTMLElement).setPointerCapture(event.pointerId), setFrom(at(event)), setTo(at(event)))}
            onPointerMove={(event) => from && setTo(at(event))} onPointerUp={up} onPointerCancel={onEnd}>
            {from && to && <span class="map-drawn" style={{ left: `${Math.min(from.x, to.x)}px`, top: `${Math.min(from.y, to.y)}px`, width: `${Math.abs(from.x - to.x)}px`, height: `${Math.abs(from.y - to.y)}px` }} />}
            <p class="map-draw-hint">{t("map_draw_hint")}</p>
        </div>
    );
}

/* What the map shows, in words: the way to it without a mouse. */
function PlaceList({ places, onChoose }: { places: readonly MapPlace[]; onChoose: (place: MapPlace) => void }) {
    const listed = [...places].sort((a, b) => b.incidents - a.incidents).slice(0, LISTED);
    return (
        <ul class="map-places">
            {listed.map((place) => (
                <li key={`${place.lat} ${place.lon}`}>
                    <button type="button" onClick={() => onChoose(place)}><bdi>{siteName(place) || t("map_around", { where: coordinates(place) })}</bdi><span class="facet-count numeric">{number(place.incidents)}</span></button>
                </li>
            ))}
        </ul>
    );
}

export function IncidentMap({ fields, box, onBox }: MapProps) {
    const container = useRef<HTMLDivElement>(null);
    const touched = useRef(false);
    const [ground, setGround] = useState<Ground | null>(null);
    const [overlay, setOverlay] = useState<Overlay | null>(null);
    const [seen, setSeen] = useState<Seen>({ zoom: FIRST_ZOOM, box: null });
    const [drawing, setDrawing] = useState(false);
    const [failed, setFailed] = useState(false);
    const fieldsKey = JSON.stringify(fields);
    const area = useMemo(() => readBox(box), [box]);
    const wanted = shared(area, seen.box);
    const asks = { ...fields, zoom: seen.zoom, ...(wanted && { box: writtenBox(wanted) }) };
    const answer = useResource<MapAnswer>(JSON.stringify(asks), (signal) => get("map", asks, signal));
    const places = answer.data?.places ?? [];

    useEffect(() => {
        let ended = false;
        let made: Ground | null = null;
        void groundIn(container.current!).then((found) => {
            if (ended) {
                found.end();
                return;
            }
            made = found;
            const over = new Overlay(found);
            let frame = 0;
            found.onMove = (byReader) => {
                touched.current ||= byReader;
                frame ||= requestAnimationFrame(() => ((frame = 0), over.draw()));
            };
            found.onRest = () => {
                const next = { zoom: Math.max(0, Math.floor(found.zoom)), box: found.zoom >= PART_ZOOM ? seenBox(found) : null };
                setSeen((was) => (JSON.stringify(was) === JSON.stringify(next) ? was : next));
            };
            over.onPoint = (mark) => (pointed.value = mark && { by: "map", id: mark.incident, lat: mark.lat, lon: mark.lon, radius_km: mark.radius_km });
            setGround(found);
            setOverlay(over);
            void askNames().then((names) => over.setNames(names), () => undefined);
        }).catch(() => setFailed(true));
        const observer = new ResizeObserver(() => made?.resize());
        observer.observe(container.current!);
        return () => {
            ended = true;
            observer.disconnect();
            made?.end();
        };
    }, []);

    // Another question: the map goes where its answers are, unless the reader has put it somewhere.
    const fitted = useRef("");
    useEffect(() => {
        if (ground && answer.data && !answer.loading && fitted.current !== fieldsKey) {
            fitted.current = fieldsKey;
            const whole = area ?? extent(answer.data.places);
            if (whole && !touched.current) {
                ground.fit(whole, NEAR_ZOOM);
            }
        }
    }, [ground, answer.data, answer.loading, fieldsKey]);
    useEffect(() => void (overlay && ground && overlay.setMarks(gathered(places.map(markOf), ground))), [overlay, answer.data, seen.zoom, language.value]);
    useEffect(() => overlay?.setBox(area), [overlay, area]);
    useEffect(() => overlay?.setPointed(pointed.value?.by === "list" ? pointed.value : null), [overlay, pointed.value]);
    useEffect(() => (ground?.restyle(), overlay?.draw()), [ground, overlay, isDark(), language.value]);

    // A cluster opens by going nearer; one that cannot be opened is listed alone.
    const press = (place: { lat: number; lon: number; radius_km: number; onePlace: boolean }) => {
        if (!ground) {
            return;
        }
        if (place.onePlace || ground.zoom > DEEPEST - 1.5) {
            onBox(writtenBox(around({ ...place, radius_km: 0 }, 0.6)));
        } else {
            touched.current = true;
            const before = ground.zoom;
            ground.fit(around(place, 1), DEEPEST);
            if (ground.zoom < before + 0.7) {
                ground.fit(around({ ...place, radius_km: place.radius_km / 2 ** (1.5 + before - ground.zoom) }, 0.5), DEEPEST);
            }
        }
    };
    if (overlay) {
        overlay.onPress = press;
    }
    const whole = () => {
        touched.current = false;
        const found = area ?? extent(places);
        if (seen.box) {
            fitted.current = ""; // ask for all, then fit
            setSeen({ zoom: FIRST_ZOOM, box: null });
        } else if (found) {
            ground?.fit(found, NEAR_ZOOM);
        }
    };
    const here = () => {
        const low = ground!.unproject({ x: 0, y: ground!.height });
        const high = ground!.unproject({ x: ground!.width, y: 0 });
        onBox(writtenBox({ south: Math.max(-90, low.lat), west: Math.max(-180, low.lon), north: Math.min(90, high.lat), east: Math.min(180, high.lon) }));
    };
    if (answer.error instanceof ApiError && answer.error.status === 404) {
        return <p class="map-none">{t("map_not_told")}</p>;
    }
    if (failed) {
        return <p class="map-none">{t("map_failed")}</p>;
    }
    const lost = answer.data?.without_place ?? 0;
    return (
        <div class={answer.loading ? "map loading" : "map"}>
            <div class="map-ground" ref={container} dir="ltr" />
            {drawing && ground && <Draw ground={ground} onBox={(drawn) => onBox(writtenBox(drawn))} onEnd={() => setDrawing(false)} />}
            {ground && (
                <div class="map-buttons">
                    <IconButton icon="add" label={t("map_closer")} onClick={() => ((touched.current = true), ground.zoomBy(1))} />
                    <IconButton icon="minus" label={t("map_farther")} onClick={() => ((touched.current = true), ground.zoomBy(-1))} />
                    <IconButton icon="whole" label={t("map_whole")} onClick={whole} />
                    <IconButton icon="area" label={t("map_draw")} pressed={drawing} onClick={() => setDrawing(!drawing)} />
                </div>
            )}
            {ground && (
                <div class="map-words">
                    <Button small onClick={here}>{t("map_here")}</Button>
                    {area && <Button small onClick={() => onBox("")}>{t("map_everywhere")}</Button>}
                    <Popover label={t("map_list")} align="start" buttonClass="button plain small" content={(close) => <PlaceList places={places} onChoose={(place) => (close(), press(markOf(place)))} />}>{t("map_list")}</Popover>
                </div>
            )}
            <p class="map-foot">{lost > 0 && <span class="map-lost">{t("map_without", { count: lost })}</span>}<span class="map-credit" dir="ltr">{t("map_credit")}</span></p>
        </div>
    );
}
