/* Land and water by MapLibre GL. Its worker comes from this server, as the page's policy wants; it asks for no tiles, no
 * glyphs and no sprites: outlines alone are given to it, and names and circles are drawn above. */
import { Map as GlMap, setWorkerUrl, type StyleSpecification } from "maplibre-gl";
import { asset } from "../base";
import { t } from "../i18n";
import { wantsStill } from "../settings";
import { colour, type Box, type Ground, type Outlines, type Point } from "./base";

const LEAST_ZOOM = 0.5;
export const DEEPEST = 13;

function style(outlines: Outlines): StyleSpecification {
    const lines = (coordinates: [number, number][][]) => ({ type: "geojson" as const, tolerance: 0.2, data: { type: "Feature" as const, properties: {}, geometry: { type: "MultiLineString" as const, coordinates } } });
    return {
        version: 8,
        sources: {
            land: { type: "geojson", tolerance: 0.2, data: { type: "Feature", properties: {}, geometry: { type: "MultiPolygon", coordinates: outlines.countries.flat() } } },
            borders: lines(outlines.borders),
            coasts: lines(outlines.coasts),
        },
        layers: [
            { id: "water", type: "background", paint: { "background-color": colour("water") } },
            { id: "land", type: "fill", source: "land", paint: { "fill-color": colour("land"), "fill-antialias": false } },
            { id: "coasts", type: "line", source: "coasts", paint: { "line-color": colour("border"), "line-width": 0.6 } },
            { id: "borders", type: "line", source: "borders", layout: { "line-join": "round" }, paint: { "line-color": colour("border"), "line-width": ["interpolate", ["linear"], ["zoom"], 2, 0.7, 7, 1.6] } },
        ],
    };
}

let styled = false;
function loadStyle(): void {
    if (!styled) {
        styled = true;
        const link = document.createElement("link");
        link.rel = "stylesheet";
        link.href = asset(MAPLIBRE_CSS);
        document.head.append(link);
    }
}

export function glGround(container: HTMLElement, outlines: Outlines): Ground {
    loadStyle();
    setWorkerUrl(asset(MAPLIBRE_WORKER));
    const map = new GlMap({
        container, style: style(outlines), center: [40, 30], zoom: 2.5, minZoom: LEAST_ZOOM, maxZoom: DEEPEST, dragRotate: false, pitchWithRotate: false, touchPitch: false, renderWorldCopies: false,
        attributionControl: false, fadeDuration: 0, locale: { "Map.Title": t("map_label") }, validateStyle: false,
    });
    map.touchZoomRotate.disableRotation();
    map.keyboard.disableRotation();
    const ground: Ground = {
        holder: map.getCanvasContainer(),
        get zoom() { return map.getZoom(); },
        get width() { return container.clientWidth; },
        get height() { return container.clientHeight; },
        project: (lon, lat) => map.project([lon, lat]),
        unproject: ({ x, y }: Point) => { const at = map.unproject([x, y]); return { lon: at.lng, lat: at.lat }; },
        fit: ({ south, west, north, east }: Box, deepest: number) => map.fitBounds([[west, south], [east, north]], { padding: Math.min(48, container.clientWidth / 8), maxZoom: deepest, animate: false }),
        zoomBy: (steps: number) => void map.zoomTo(map.getZoom() + steps, { duration: wantsStill() ? 0 : 200 }),
        restyle: () => {
            map.setPaintProperty("water", "background-color", colour("water"));
            map.setPaintProperty("land", "fill-color", colour("land"));
            map.setPaintProperty("coasts", "line-color", colour("border"));
            map.setPaintProperty("borders", "line-color", colour("border"));
        },
        resize: () => void map.resize(),
        onMove: () => undefined,
        onRest: () => undefined,
        end: () => map.remove(),
    };
    map.on("move", (event) => ground.onMove(Boolean(event.originalEvent)));
    map.on("moveend", () => ground.onRest());
    map.on("idle", () => (container.dataset.drawn = "")); // all that was asked for is drawn
    map.on("error", () => undefined); // a lost context is no error of the page
    return ground;
}
