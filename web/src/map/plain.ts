/* Land and water as SVG, where there is no WebGL: one path for the land, one for its lines, moved as a whole. */
import { t } from "../i18n";
import { latitudeOf, mercatorY, scaleOf, type Box, type Ground, type Outlines, type Point } from "./base";

const SVG = "http://www.w3.org/2000/svg";
const REST_MS = 160;
const LEAST_ZOOM = 0.5;
const DEEPEST = 13;

const path = (lines: readonly (readonly [number, number])[][], closed: boolean): string =>
    lines.map((line) => "M" + line.map(([x, y]) => `${x.toFixed(3)} ${(-mercatorY(y)).toFixed(3)}`).join("L") + (closed ? "Z" : "")).join("");

function element(name: string, kind: string): SVGElement {
    const made = document.createElementNS(SVG, name);
    made.setAttribute("class", kind);
    return made;
}

function picture(outlines: Outlines): { svg: SVGElement; moved: SVGElement } {
    const svg = element("svg", "plain-ground");
    const moved = element("g", "plain-moved");
    svg.setAttribute("aria-hidden", "true");
    for (const [kind, lines, closed] of [["plain-land", outlines.countries.flat(2), true], ["plain-line", outlines.coasts, false], ["plain-line", outlines.borders, false]] as const) {
        const drawn = element("path", kind);
        drawn.setAttribute("d", path(lines, closed));
        moved.append(drawn);
    }
    svg.append(moved);
    return { svg, moved };
}

export function plainGround(container: HTMLElement, outlines: Outlines): Ground {
    const holder = document.createElement("div");
    holder.className = "plain-holder";
    holder.tabIndex = 0;
    holder.setAttribute("role", "region");
    holder.setAttribute("aria-label", t("map_label"));
    const { svg, moved } = picture(outlines);
    holder.append(svg);
    container.append(holder);
    let view = { x: 40, y: -mercatorY(30), zoom: 2.5 };
    let timer = 0;

    const width = () => container.clientWidth;
    const height = () => container.clientHeight;
    const draw = (byReader: boolean) => {
        const scale = scaleOf(view.zoom);
        moved.setAttribute("transform", `translate(${width() / 2 - view.x * scale} ${height() / 2 - view.y * scale}) scale(${scale})`);
        ground.onMove(byReader);
        clearTimeout(timer);
        timer = window.setTimeout(() => ground.onRest(), REST_MS);
    };
    const pan = (dx: number, dy: number) => {
        const scale = scaleOf(view.zoom);
        view = { ...view, x: Math.max(-180, Math.min(180, view.x - dx / scale)), y: Math.max(-170, Math.min(170, view.y - dy / scale)) };
        draw(true);
    };
    const zoom = (steps: number, at: Point = { x: width() / 2, y: height() / 2 }) => {
        const next = Math.max(LEAST_ZOOM, Math.min(DEEPEST, view.zoom + steps));
        const [before, after] = [scaleOf(view.zoom), scaleOf(next)];
        const keep = (centre: number, offset: number) => centre + offset / before - offset / after;
        view = { zoom: next, x: keep(view.x, at.x - width() / 2), y: keep(view.y, at.y - height() / 2) };
        draw(true);
    };
    const ground: Ground = {
        holder,
        get zoom() { return view.zoom; },
        get width() { return width(); },
        get height() { return height(); },
        project: (lon, lat) => ({ x: (lon - view.x) * scaleOf(view.zoom) + width() / 2, y: (-mercatorY(lat) - view.y) * scaleOf(view.zoom) + height() / 2 }),
        unproject: ({ x, y }) => ({ lon: view.x + (x - width() / 2) / scaleOf(view.zoom), lat: latitudeOf(-(view.y + (y - height() / 2) / scaleOf(view.zoom))) }),
        fit: ({ south, west, north, east }: Box, deepest: number) => {
            const [top, bottom] = [-mercatorY(north), -mercatorY(south)];
            const room = Math.min((width() - 90) / Math.max(1e-6, east - west), (height() - 90) / Math.max(1e-6, bottom - top));
            view = { x: (west + east) / 2, y: (top + bottom) / 2, zoom: Math.max(LEAST_ZOOM, Math.min(deepest, Math.log2((Math.max(0.1, room) * 360) / 512))) };
            draw(false);
        },
        zoomBy: (steps) => zoom(steps),
        restyle: () => undefined, // the style sheet does it
        resize: () => draw(false),
        onMove: () => undefined,
        onRest: () => undefined,
        end: () => (clearTimeout(timer), holder.remove()),
    };
    listen(holder, pan, zoom);
    draw(false);
    return ground;
}

function listen(holder: HTMLElement, pan: (dx: number, dy: number) => void, zoom: (steps: number, at?: Point) => void): void {
    const held = new Map<number, PointerEvent>();
    const at = (event: MouseEvent): Point => {
        const box = holder.getBoundingClientRect();
        return { x: event.clientX - box.left, y: event.clientY - box.top };
    };
    let way = 0;
    holder.addEventListener("pointerdown", (event) => {
        held.set(event.pointerId, event);
        way = 0;
    });
    holder.addEventListener("pointermove", (event) => {
        const before = held.get(event.pointerId);
        if (!before) {
            return;
        }
        const [dx, dy] = [event.clientX - before.clientX, event.clientY - before.clientY];
        way += Math.abs(dx) + Math.abs(dy);
        if (way > 4 && !holder.hasPointerCapture(event.pointerId)) {
            holder.setPointerCapture(event.pointerId);
        }
        const other = held.size === 2 ? [...held.values()].find((one) => one.pointerId !== event.pointerId) : undefined;
        if (other) {
            const gap = (one: PointerEvent) => Math.max(1, Math.hypot(one.clientX - other.clientX, one.clientY - other.clientY));
            zoom(Math.log2(gap(event) / gap(before)), at(event));
        } else {
            pan(dx, dy);
        }
        held.set(event.pointerId, event);
    });
    for (const name of ["pointerup", "pointercancel", "lostpointercapture", "pointerleave"] as const) {
        holder.addEventListener(name, (event) => held.delete(event.pointerId));
    }
    holder.addEventListener("click", (event) => way > 4 && (event.preventDefault(), event.stopPropagation()), true);
    holder.addEventListener("wheel", (event) => (event.preventDefault(), zoom(-event.deltaY / 300, at(event))), { passive: false });
    holder.addEventListener("dblclick", (event) => zoom(1, at(event)));
    holder.addEventListener("keydown", (event) => {
        const step = 80;
        const act = {
            ArrowLeft: () => pan(step, 0), ArrowRight: () => pan(-step, 0), ArrowUp: () => pan(0, step), ArrowDown: () => pan(0, -step),
            "+": () => zoom(1), "=": () => zoom(1), "-": () => zoom(-1),
        }[event.key];
        if (act) {
            event.preventDefault();
            act();
        }
    });
}
