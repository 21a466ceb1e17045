/* What stands on the map: circles as wide as what is known of a place (never pins), dots where it is known exactly,
 * numbers where several incidents lie together, and the names of the land between them. Drawn as SVG, so that the
 * browser shapes Arabic itself. For people who see it: all of this is told by the list and by the list of places. */
import { incidentHref } from "../base";
import { compact } from "../i18n";
import { language } from "../settings";
import { pixelsPerKm, type Box, type Ground, type Name } from "./base";

const SVG = "http://www.w3.org/2000/svg";
const DOT = 5;
const EXACT_KM = 5;
const LONGEST_NAMES = 90;

export interface Mark {
    lat: number;
    lon: number;
    radius_km: number;
    incidents: number;
    incident: string | null;
    killed: number;
    label: string;
    name: string;
    precise: boolean;
    /* All of it is one place, whose circle is honest for each. */
    onePlace: boolean;
}

function make<K extends keyof SVGElementTagNameMap>(name: K, attributes: Record<string, string | number> = {}, ...children: (Node | string)[]): SVGElementTagNameMap[K] {
    const element = document.createElementNS(SVG, name);
    Object.entries(attributes).forEach(([key, value]) => element.setAttribute(key, String(value)));
    element.append(...children);
    return element;
}

interface Drawn {
    mark: Mark;
    element: SVGElement;
    reach: SVGCircleElement;
    size: number;
}

const pen = document.createElement("canvas").getContext("2d")!;
const widths = new Map<string, number>();

function widthOf(text: string, font: string): number {
    const key = font + text;
    let width = widths.get(key);
    if (width === undefined) {
        pen.font = font;
        width = pen.measureText(text).width;
        widths.set(key, width);
    }
    return width;
}

/* In pixels: by its area so large as what it stands for, beside the largest; never too small for its number. */
export const sizeOf = (mark: { incidents: number }, most: number): number =>
    mark.incidents === 1 ? DOT : Math.max(7 + 14 * Math.sqrt(mark.incidents / Math.max(8, most)), widthOf(compact(mark.incidents), "600 11px sans-serif") / 2 + 5);

interface Taken {
    left: number;
    right: number;
    top: number;
    bottom: number;
}

export class Overlay {
    readonly svg = make("svg", { class: "map-overlay", "aria-hidden": "true" });
    private readonly area = make("rect", { class: "map-area" });
    private readonly reaches = make("g", { class: "map-reaches" });
    private readonly names = make("g", { class: "map-names" });
    private readonly marks = make("g", { class: "map-marks" });
    private readonly ring = make("circle", { class: "map-ring" });
    private drawn: Drawn[] = [];
    private known: readonly Name[] = [];
    private box: Box | null = null;
    private pointed: { lat: number; lon: number; radius_km: number } | null = null;
    onPoint: (mark: Mark | null) => void = () => undefined;
    onPress: (mark: Mark) => void = () => undefined;

    constructor(private readonly ground: Ground) {
        this.svg.append(this.area, this.reaches, this.names, this.marks, this.ring);
        ground.holder.append(this.svg);
    }

    private one(mark: Mark, most: number): Drawn {
        const size = sizeOf(mark, most);
        const reach = make("circle", { class: mark.precise ? "reach exact" : "reach coarse" });
        const single = mark.incidents === 1;
        const element = single && mark.incident ? make("a", { href: incidentHref(mark.incident), tabindex: -1 }) : make("g");
        element.setAttribute("class", ["mark", single ? "single" : "several", mark.precise ? "exact" : "coarse"].join(" "));
        element.append(make("title", {}, mark.label));
        if (single) {
            // A ring, not a dot, where nobody knows the spot.
            element.append(make("circle", { class: "hit", r: 13 }), make("circle", { class: "spot", r: DOT }));
        } else {
            element.append(make("circle", { class: "bubble", r: size.toFixed(1) }), make("text", { class: "number", dy: "0.35em" }, compact(mark.incidents)));
            element.addEventListener("click", () => this.onPress(mark));
        }
        element.addEventListener("pointerenter", () => (reach.classList.add("over"), this.onPoint(mark)));
        element.addEventListener("pointerleave", () => (reach.classList.remove("over"), this.onPoint(null)));
        return { mark, element, reach, size };
    }

    setMarks(marks: readonly Mark[]): void {
        // The widest lie lowest.
        const most = Math.max(1, ...marks.map((mark) => mark.incidents));
        this.drawn = [...marks].sort((a, b) => b.radius_km - a.radius_km).map((mark) => this.one(mark, most));
        this.reaches.replaceChildren(...this.drawn.map((one) => one.reach));
        this.marks.replaceChildren(...this.drawn.map((one) => one.element));
        this.draw();
    }
    setNames(names: readonly Name[]): void {
        this.known = names;
        this.draw();
    }
    setBox(box: Box | null): void {
        this.box = box;
        this.draw();
    }
    setPointed(place: { lat: number; lon: number; radius_km: number } | null): void {
        this.pointed = place;
        this.drawPointed();
    }

    draw(): void {
        const { width, height } = this.ground;
        if (!width || !height) {
            return;
        }
        this.svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
        this.drawBox();
        const taken = this.drawMarks(width, height);
        this.drawNames(taken, width, height);
        this.drawPointed();
    }

    private drawBox(): void {
        this.area.setAttribute("visibility", this.box ? "visible" : "hidden");
        if (this.box) {
            const low = this.ground.project(this.box.west, this.box.south);
            const high = this.ground.project(this.box.east, this.box.north);
            Object.entries({ x: low.x, y: high.y, width: Math.max(0, high.x - low.x), height: Math.max(0, low.y - high.y) }).forEach(([key, value]) => this.area.setAttribute(key, value.toFixed(1)));
        }
    }

    private drawMarks(width: number, height: number): Taken[] {
        const taken: Taken[] = [];
        const { zoom } = this.ground;
        for (const { mark, element, reach, size } of this.drawn) {
            const at = this.ground.project(mark.lon, mark.lat);
            const radius = mark.radius_km * pixelsPerKm(zoom, mark.lat);
            const seen = at.x > -radius - size && at.y > -radius - size && at.x < width + radius + size && at.y < height + radius + size;
            element.style.display = reach.style.display = seen ? "" : "none";
            if (!seen) {
                continue;
            }
            element.setAttribute("transform", `translate(${at.x.toFixed(1)} ${at.y.toFixed(1)})`);
            reach.setAttribute("cx", at.x.toFixed(1));
            reach.setAttribute("cy", at.y.toFixed(1));
            reach.setAttribute("r", Math.min(radius, 20000).toFixed(1));
            // Of a cluster of several places the circle says little: it shows when one points at it.
            reach.classList.toggle("always", (mark.incidents === 1 || mark.onePlace) && radius > size + 1);
            // A wide circle is faint: the less is known of a place, the less ink.
            reach.style.setProperty("--ink-share", (0.2 * Math.min(1, 60 / Math.max(20, radius))).toFixed(3));
            element.classList.toggle("wide", radius > 9 && mark.incidents === 1 && !mark.precise);
            taken.push({ left: at.x - size - 1, right: at.x + size + 1, top: at.y - size - 1, bottom: at.y + size + 1 });
        }
        return taken;
    }

    /* A name stands where there is room: those of the larger first. */
    private drawNames(taken: Taken[], width: number, height: number): void {
        const arabic = language.value === "ar";
        const family = getComputedStyle(this.svg).fontFamily;
        const texts: SVGElement[] = [];
        for (const name of this.known) {
            if (name.rank > this.ground.zoom + 0.3 || texts.length > LONGEST_NAMES) {
                break;
            }
            const at = this.ground.project(name.lon, name.lat);
            if (at.x < 0 || at.y < 0 || at.x > width || at.y > height) {
                continue;
            }
            const size = (name.isCountry ? 12 : 11) + (arabic ? 1.5 : 0);
            const text = arabic ? name.ar : name.en;
            const half = widthOf(text, `${name.isCountry ? 600 : 400} ${size}px ${family}`) / 2 + 4;
            const middle = name.isCountry ? at.y : at.y - size * 0.9;
            const room = { left: at.x - half, right: at.x + half, top: middle - size * 0.75, bottom: (name.isCountry ? middle : at.y) + size * 0.4 };
            if (room.left < 2 || room.right > width - 2 || room.top < 2 || room.bottom > height - 20 || taken.some((b) => b.left < room.right && b.right > room.left && b.top < room.bottom && b.bottom > room.top)) {
                continue;
            }
            taken.push(room);
            texts.push(make("text", { class: name.isCountry ? "name country" : "name", x: at.x.toFixed(1), y: (middle + size * 0.35).toFixed(1), "font-size": size }, text));
            if (!name.isCountry) {
                texts.push(make("circle", { class: "town", cx: at.x.toFixed(1), cy: at.y.toFixed(1), r: 1.5 }));
            }
        }
        this.names.replaceChildren(...texts);
    }

    private drawPointed(): void {
        this.ring.setAttribute("visibility", this.pointed ? "visible" : "hidden");
        if (this.pointed) {
            const at = this.ground.project(this.pointed.lon, this.pointed.lat);
            const radius = this.pointed.radius_km > EXACT_KM ? this.pointed.radius_km * pixelsPerKm(this.ground.zoom, this.pointed.lat) : 0;
            this.ring.setAttribute("cx", at.x.toFixed(1));
            this.ring.setAttribute("cy", at.y.toFixed(1));
            this.ring.setAttribute("r", Math.max(10, Math.min(radius, 20000)).toFixed(1));
        }
    }
}
