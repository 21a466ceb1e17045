// The map: outlines and towns of the base map, and circles as wide as what is known of a place. Mercator's
// projection, since it keeps circles circles; drawn as SVG by this file alone, from one file of this server.
import { h, svg } from "./dom.js";
import { country, language, t } from "./language.js";

const SPREAD = 180 / Math.PI;
const CLOSEST = 5000; // pixels a degree
const FARTHEST = 2;
const KILOMETRES_A_DEGREE = 111.195;
const LEAST_DOT = 4.5;

const projectY = (lat) => -SPREAD * Math.asinh(Math.tan((Math.max(-84, Math.min(84, lat)) * Math.PI) / 180));
const degreeStretch = (lat) => 1 / Math.cos((lat * Math.PI) / 180);

let base = null;

async function baseMap() {
    base ??= fetch("/assets/map.json").then((response) => {
        if (!response.ok) {
            throw new Error(response.statusText);
        }
        return response.json();
    }).then(prepare).catch((error) => {
        base = null;
        throw error;
    });
    return base;
}

function prepare(file) {
    const arcs = file.arcs.map((line) => {
        const points = [];
        let x = 0;
        let y = 0;
        for (let i = 0; i < line.length; i += 2) {
            x += line[i];
            y += line[i + 1];
            points.push([x / file.scale, projectY(y / file.scale)]);
        }
        return points;
    });
    // A land that crosses the 180th meridian is drawn on beyond it, not back across the whole map.
    const ring = (indices) => {
        let shift = 0;
        let last = null;
        const drawn = indices.flatMap((index, i) => {
            const line = index >= 0 ? arcs[index] : [...arcs[~index]].reverse();
            return (i ? line.slice(1) : line).map(([x, y]) => {
                shift += last === null || Math.abs(x - last) < 180 ? 0 : x < last ? 360 : -360;
                last = x;
                return (x + shift).toFixed(3) + " " + y.toFixed(3);
            });
        });
        return "M" + drawn.join("L") + "Z";
    };
    return {
        countries: file.countries.map(([code, x, y, size, polygons]) => (
            { code, x, y: projectY(y), size, path: polygons.flat().map(ring).join("") })),
        towns: file.towns.map(([x, y, rank, latin, arabic]) => ({ x, y: projectY(y), rank, latin, arabic })),
    };
}

// places: [{lat, lon, radius_km, label, href, key}]; onpoint(key or null) tells which is pointed at.
export class IncidentMap {
    constructor({ label, caption, onpoint, onchoose, still = false }) {
        this.places = [];
        this.view = { x: 40, y: projectY(33), scale: 20 };
        this.onpoint = onpoint;
        this.onchoose = onchoose;
        this.land = svg("g", { class: "map-land" });
        this.names = svg("g", { class: "map-names", "aria-hidden": "true" });
        this.circles = svg("g", { class: "map-circles" });
        this.picture = svg("svg", { class: "map-picture", role: "group", "aria-label": label, tabindex: still ? null : "0" },
                           this.land, this.names, this.circles);
        this.element = h("div", { class: "map" }, this.picture, still ? null : this.#buttons(),
                         caption ? h("p", { class: "map-caption" }, caption) : null);
        this.#listen(still);
        this.watcher = new ResizeObserver(() => this.#resized());
        this.watcher.observe(this.picture);
    }

    #buttons() {
        const button = (sign, label, act) => h("button", { type: "button", "aria-label": label, title: label, onclick: act }, sign);
        return h("div", { class: "map-buttons" }, button("+", t("map_closer"), () => this.#zoom(1.8)),
                 button("−", t("map_farther"), () => this.#zoom(1 / 1.8)), button("⤢", t("map_whole"), () => this.fit()));
    }

    #listen(still) {
        if (still) {
            return;
        }
        const pointers = new Map();
        this.picture.addEventListener("pointerdown", (event) => {
            pointers.set(event.pointerId, event);
            this.moved = 0;
        });
        this.picture.addEventListener("pointermove", (event) => {
            const before = pointers.get(event.pointerId);
            if (!before) {
                return;
            }
            const [dx, dy] = [event.clientX - before.clientX, event.clientY - before.clientY];
            this.moved += Math.abs(dx) + Math.abs(dy);
            if (this.moved > 4 && !this.picture.hasPointerCapture(event.pointerId)) {
                this.picture.setPointerCapture(event.pointerId);
            }
            if (pointers.size === 2) {
                const other = [...pointers.values()].find((p) => p.pointerId !== event.pointerId);
                const gap = (p) => Math.hypot(p.clientX - other.clientX, p.clientY - other.clientY);
                this.#zoom(gap(event) / Math.max(1, gap(before)), this.#at(event));
            } else {
                this.#pan(dx, dy);
            }
            pointers.set(event.pointerId, event);
        });
        const lift = (event) => pointers.delete(event.pointerId);
        this.picture.addEventListener("pointerup", lift);
        this.picture.addEventListener("pointercancel", lift);
        this.picture.addEventListener("lostpointercapture", lift);
        this.picture.addEventListener("pointerleave", lift);
        this.picture.addEventListener("click", (event) => this.moved > 4 && event.preventDefault(), true);
        this.picture.addEventListener("wheel", (event) => {
            if (event.ctrlKey || event.metaKey || document.activeElement === this.picture) {
                event.preventDefault();
                this.#zoom(Math.exp(-event.deltaY / 300), this.#at(event));
            }
        }, { passive: false });
        this.picture.addEventListener("keydown", (event) => {
            const step = 60;
            const act = {
                ArrowLeft: () => this.#pan(step, 0), ArrowRight: () => this.#pan(-step, 0),
                ArrowUp: () => this.#pan(0, step), ArrowDown: () => this.#pan(0, -step),
                "+": () => this.#zoom(1.5), "=": () => this.#zoom(1.5), "-": () => this.#zoom(1 / 1.5), 0: () => this.fit(),
            }[event.key];
            if (act && event.target === this.picture) {
                event.preventDefault();
                act();
            }
        });
    }

    #at(event) {
        const box = this.picture.getBoundingClientRect();
        return { x: event.clientX - box.left, y: event.clientY - box.top };
    }

    #zoom(factor, at = { x: this.width / 2, y: this.height / 2 }) {
        const view = this.view;
        const scale = Math.max(FARTHEST, Math.min(CLOSEST, view.scale * factor));
        const keep = (centre, offset) => centre + offset / view.scale - offset / scale;
        this.view = { scale, x: keep(view.x, at.x - this.width / 2), y: keep(view.y, at.y - this.height / 2) };
        this.touched = true;
        this.draw();
    }

    #pan(dx, dy) {
        this.view.x -= dx / this.view.scale;
        this.view.y -= dy / this.view.scale;
        this.touched = true;
        this.draw();
    }

    #resized() {
        this.width = this.picture.clientWidth;
        this.height = this.picture.clientHeight;
        if (this.width && this.height) {
            this.touched ? this.draw() : this.fit();
        }
    }

    async show(places) {
        this.places = places.filter((place) => Number.isFinite(place.lat) && Number.isFinite(place.lon));
        this.touched = false;
        this.fit();
        try {
            this.base ??= await baseMap();
        } catch (error) {
            return; // the circles alone are better than nothing
        }
        this.land.replaceChildren(...this.base.countries.map((c) => svg("path", { d: c.path })));
        this.draw();
    }

    // Shows all places, with air around them.
    fit() {
        if (!this.width) {
            return;
        }
        this.touched = false;
        const box = { west: 180, east: -180, north: 1e9, south: -1e9 };
        const framed = this.places.filter((place) => !place.minor);
        for (const place of framed) {
            const reach = (Math.max(12, place.radius_km ?? 0) / KILOMETRES_A_DEGREE) * degreeStretch(place.lat) * 1.35;
            const y = projectY(place.lat);
            box.west = Math.min(box.west, place.lon - reach);
            box.east = Math.max(box.east, place.lon + reach);
            box.north = Math.min(box.north, y - reach);
            box.south = Math.max(box.south, y + reach);
        }
        if (framed.length) {
            const scale = Math.min((this.width - 70) / (box.east - box.west), (this.height - 70) / (box.south - box.north));
            this.view = { x: (box.west + box.east) / 2, y: (box.north + box.south) / 2,
                          scale: Math.max(FARTHEST, Math.min(framed.length > 1 ? 400 : 45, scale)) };
        }
        this.draw();
    }

    #screen(x, y) {
        return { x: (x - this.view.x) * this.view.scale + this.width / 2, y: (y - this.view.y) * this.view.scale + this.height / 2 };
    }

    #visible(point, margin = 0) {
        return point.x > -margin && point.x < this.width + margin && point.y > -margin && point.y < this.height + margin;
    }

    draw() {
        if (!this.width || !this.height) {
            return;
        }
        const { x, y, scale } = this.view;
        this.picture.setAttribute("viewBox", `0 0 ${this.width} ${this.height}`);
        this.land.setAttribute("transform", `translate(${this.width / 2 - x * scale} ${this.height / 2 - y * scale}) scale(${scale})`);
        this.#drawCircles();
        this.#drawNames();
    }

    #drawCircles() {
        const focused = document.activeElement?.getAttribute?.("data-key");
        const byWidth = [...this.places].sort((a, b) => (b.radius_km ?? 0) - (a.radius_km ?? 0));
        this.circles.replaceChildren(...byWidth.map((place) => {
            const at = this.#screen(place.lon, projectY(place.lat));
            const radius = ((place.radius_km ?? 0) / KILOMETRES_A_DEGREE) * degreeStretch(place.lat) * this.view.scale;
            const content = [svg("title", {}, place.label),
                             radius > LEAST_DOT ? svg("circle", { class: "reach", cx: at.x, cy: at.y, r: radius }) : null,
                             svg("circle", { class: "dot", cx: at.x, cy: at.y, r: LEAST_DOT })];
            const pointing = { onpointerenter: () => this.onpoint?.(place.key), onpointerleave: () => this.onpoint?.(null),
                               onfocus: () => this.onpoint?.(place.key), onblur: () => this.onpoint?.(null) };
            return place.href
                ? svg("a", { class: "place", href: place.href, "data-key": place.key, "aria-label": place.label, ...pointing }, ...content)
                : svg("g", { class: place.minor ? "place minor" : "place", "data-key": place.key }, ...content);
        }));
        if (focused && this.circles.isConnected) {
            this.circles.querySelector(`[data-key="${CSS.escape(focused)}"]`)?.focus();
        }
        this.point(this.pointed);
    }

    // Marks the circle of a row that is pointed at.
    point(key) {
        this.pointed = key;
        for (const element of this.circles.children) {
            element.classList.toggle("pointed", element.dataset.key === key && key !== null);
        }
    }

    // Names stand where there is room: places first, then countries, then towns by rank.
    #drawNames() {
        const taken = this.places.map((place) => {
            const at = this.#screen(place.lon, projectY(place.lat));
            return { left: at.x - 7, right: at.x + 7, top: at.y - 7, bottom: at.y + 7 };
        });
        const drawn = [];
        const put = (text, at, size, kind, offset) => {
            const half = (text.length * size * 0.56) / 2 + 3;
            const box = offset ? { left: at.x - half, right: at.x + half, top: at.y - offset - size, bottom: at.y - offset + 3 }
                               : { left: at.x - half, right: at.x + half, top: at.y - size * 0.7, bottom: at.y + size * 0.7 };
            const free = box.left > 0 && box.right < this.width && box.top > 0 && box.bottom < this.height - 22 &&
                !taken.some((b) => b.left < box.right && b.right > box.left && b.top < box.bottom && b.bottom > box.top);
            if (free) {
                taken.push(box);
                drawn.push(svg("text", { class: kind, x: at.x, y: offset ? at.y - offset : at.y + size * 0.35, "text-anchor": "middle" }, text));
            }
            return free;
        };
        for (const place of this.places.slice(0, 60)) {
            put(place.name, this.#screen(place.lon, projectY(place.lat)), 12, "name-place", 11);
        }
        for (const c of this.base?.countries ?? []) {
            const at = this.#screen(c.x, c.y);
            const name = c.code && this.#visible(at) ? country(c.code) : "";
            if (name && c.size * this.view.scale > name.length * 4.2) {
                put(name, at, 12, "name-country");
            }
        }
        const ranks = Math.log2(this.view.scale / 14) * 3;
        for (const town of this.base?.towns ?? []) {
            const at = this.#screen(town.x, town.y);
            if (town.rank < ranks && this.#visible(at) && put(language() === "ar" ? town.arabic : town.latin, at, 10.5, "name-town", 5)) {
                drawn.push(svg("circle", { class: "town", cx: at.x, cy: at.y, r: 1.6 }));
            }
        }
        this.names.replaceChildren(...drawn);
    }

    forget() {
        this.watcher.disconnect();
    }
}
