/* What the map is drawn from, and what every way to draw it can do. Mercator's projection, since it keeps circles
 * circles; at zoom z the world is 512 · 2^z pixels wide. */
import { asset } from "../base";

export interface Box {
    south: number;
    west: number;
    north: number;
    east: number;
}

export interface Point {
    x: number;
    y: number;
}

/* What shows land and water below the marks. */
export interface Ground {
    /* What the marks are drawn into: it moves and takes presses with the map. */
    readonly holder: HTMLElement;
    readonly zoom: number;
    readonly width: number;
    readonly height: number;
    project(lon: number, lat: number): Point;
    unproject(point: Point): { lon: number; lat: number };
    fit(box: Box, deepest: number): void;
    zoomBy(steps: number): void;
    /* Colours are read anew from the page's style. */
    restyle(): void;
    resize(): void;
    /* Called at every change of what is seen; and once it rests. */
    onMove: (byReader: boolean) => void;
    onRest: () => void;
    end(): void;
}

const WORLD = 512;
const EARTH_KM = 40075.017;
const MOST_NORTH = 84;

export const pixelsPerKm = (zoom: number, lat: number): number => (WORLD * 2 ** zoom) / (EARTH_KM * Math.cos((lat * Math.PI) / 180));
export const mercatorY = (lat: number): number => (180 / Math.PI) * Math.asinh(Math.tan((Math.max(-MOST_NORTH, Math.min(MOST_NORTH, lat)) * Math.PI) / 180));
export const latitudeOf = (y: number): number => (180 / Math.PI) * Math.atan(Math.sinh((y * Math.PI) / 180));
/* Pixels a degree of longitude. */
export const scaleOf = (zoom: number): number => (WORLD * 2 ** zoom) / 360;

type Line = [number, number][];

/* Outlines in degrees: each country's polygons, the lines between two countries, and those to the sea. */
export interface Outlines {
    countries: Line[][][];
    borders: Line[];
    coasts: Line[];
}

interface MapFile {
    scale: number;
    arcs: number[][];
    countries: [string, number[][][]][];
}

function decoded({ scale, arcs, countries }: MapFile): Outlines {
    const lines = arcs.map((arc): Line => {
        const line: Line = [];
        let [x, y] = [0, 0];
        for (let i = 0; i < arc.length; i += 2) {
            x += arc[i]!;
            y += arc[i + 1]!;
            line.push([x / scale, y / scale]);
        }
        return line;
    });
    const uses = new Uint8Array(lines.length);
    const ring = (indices: number[]): Line => indices.flatMap((index, i) => {
        uses[index < 0 ? ~index : index]! += 1;
        const line = index < 0 ? [...lines[~index]!].reverse() : lines[index]!;
        return i ? line.slice(1) : line;
    });
    const polygons = countries.map(([, parts]) => parts.map((rings) => rings.map(ring)));
    // The 180th meridian, at which lands are cut, is neither border nor coast.
    const real = lines.map((line) => !line.every(([x]) => Math.abs(x) > 179.9));
    return { countries: polygons, borders: lines.filter((_, i) => uses[i]! > 1 && real[i]), coasts: lines.filter((_, i) => uses[i] === 1 && real[i]) };
}

/* A name, to be shown from zoom `rank` on. */
export interface Name {
    lon: number;
    lat: number;
    rank: number;
    en: string;
    ar: string;
    isCountry: boolean;
}

interface NamesFile {
    countries: [string, number, number, number, string, string][];
    places: [number, number, number, string, string, string][];
}

async function file<T>(name: string): Promise<T> {
    const response = await fetch(asset(name));
    if (!response.ok) {
        throw new Error(response.statusText);
    }
    return (await response.json()) as T;
}

let outlines: Promise<Outlines> | null = null;
let names: Promise<Name[]> | null = null;

/* Asked once; a failure is not kept. */
export function askOutlines(): Promise<Outlines> {
    outlines ??= file<MapFile>("map.json").then(decoded).catch((error: unknown) => {
        outlines = null;
        throw error;
    });
    return outlines;
}

export function askNames(): Promise<Name[]> {
    names ??= file<NamesFile>("map-labels.json").then(({ countries, places }) => [
        ...countries.map(([, lon, lat, rank, en, ar]): Name => ({ lon, lat, rank, en, ar, isCountry: true })),
        ...places.map(([lon, lat, rank, en, ar]): Name => ({ lon, lat, rank, en, ar, isCountry: false })),
    ].sort((a, b) => a.rank - b.rank || Number(b.isCountry) - Number(a.isCountry))).catch((error: unknown) => {
        names = null;
        throw error;
    });
    return names;
}

export const colour = (name: string): string => getComputedStyle(document.documentElement).getPropertyValue("--" + name).trim();
