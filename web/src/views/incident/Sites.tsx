/* Where it happened: a small still map of outlines, the place a circle as wide as what is known of it. Mercator keeps
 * circles round. The map that one moves about in stands on the page of all incidents. */
import { useMemo } from "preact/hooks";
import { textWidth, useWidth } from "../../charts/measure";
import { placeName } from "../../figures";
import { t } from "../../i18n";
import { askNames, askOutlines, mercatorY, type Name, type Outlines } from "../../map/base";
import { useResource } from "../../resource";
import { language } from "../../settings";
import type { Incident, PlaceOf } from "../../shapes";
import { shown } from "../../text";

const KM_A_DEGREE = 111.195;
const HEIGHT = 240;
/* In degrees: a site that lies farther from the place is named, but not on this map. */
const NEAR = 1.5;

interface View {
    west: number;
    east: number;
    north: number;
    south: number;
    scale: number;
    x: (lon: number) => number;
    y: (lat: number) => number;
}

interface Spot {
    name: string;
    lat: number;
    lon: number;
    km: number;
}

const spotOf = (place: PlaceOf): Spot | null =>
    typeof place.lat === "number" && typeof place.lon === "number" ? { name: shown(placeName(place)), lat: place.lat, lon: place.lon, km: Math.max(0.3, place.radius_km ?? 1) } : null;

/* All spots with air around them, and never so close that no name is left to know the place by. */
function viewOf(spots: readonly Spot[], width: number): View {
    const reach = (spot: Spot): number => (Math.max(spot.km * 1.6, 110) / KM_A_DEGREE) / Math.cos((spot.lat * Math.PI) / 180);
    const lons = spots.flatMap((spot) => [spot.lon - reach(spot), spot.lon + reach(spot)]);
    const tops = spots.flatMap((spot) => [mercatorY(spot.lat) - reach(spot), mercatorY(spot.lat) + reach(spot)]);
    const [west, east, south, north] = [Math.min(...lons), Math.max(...lons), Math.min(...tops), Math.max(...tops)];
    const scale = Math.min(width / (east - west), HEIGHT / (north - south));
    const [cx, cy] = [(west + east) / 2, (north + south) / 2];
    return {
        scale, west: cx - width / 2 / scale, east: cx + width / 2 / scale, north: cy + HEIGHT / 2 / scale, south: cy - HEIGHT / 2 / scale,
        x: (lon) => (lon - cx) * scale + width / 2, y: (lat) => (cy - mercatorY(lat)) * scale + HEIGHT / 2,
    };
}

/* The lands that touch the view, as paths; what lies outside is never drawn. */
function landIn(outlines: Outlines, view: View): string[] {
    const outside = (ring: readonly (readonly [number, number])[]): boolean =>
        ring.every(([lon]) => lon < view.west) || ring.every(([lon]) => lon > view.east) || ring.every(([, lat]) => mercatorY(lat) > view.north) || ring.every(([, lat]) => mercatorY(lat) < view.south);
    return outlines.countries.flat().filter((rings) => rings[0] && !outside(rings[0]))
        .map((rings) => rings.map((ring) => "M" + ring.map(([lon, lat]) => `${view.x(lon).toFixed(1)} ${view.y(lat).toFixed(1)}`).join("L") + "Z").join(""));
}

interface Label {
    x: number;
    y: number;
    words: string;
    kind: string;
}

/* Names where there is room, the place's own first. */
function labelsIn(names: readonly Name[], view: View, spots: readonly Spot[], width: number): Label[] {
    const taken: [number, number, number, number][] = spots.map((spot) => [view.x(spot.lon) - 6, view.y(spot.lat) - 6, view.x(spot.lon) + 6, view.y(spot.lat) + 6]);
    const out: Label[] = [];
    const put = (words: string, x: number, y: number, size: number, kind: string): void => {
        const half = textWidth(words, size) / 2 + 4;
        const box: [number, number, number, number] = [x - half, y - size, x + half, y + 4];
        const free = box[0] > 2 && box[2] < width - 2 && box[1] > 2 && box[3] < HEIGHT - 2 && taken.every((b) => b[2] < box[0] || b[0] > box[2] || b[3] < box[1] || b[1] > box[3]);
        if (free) {
            taken.push(box);
            out.push({ x, y, words, kind });
        }
    };
    spots.slice(0, 1).forEach((spot) => put(spot.name, view.x(spot.lon), view.y(spot.lat) - 12, 12.5, "site-name"));
    const zoom = Math.log2((view.scale * 360) / 512);
    const arabic = language.value === "ar";
    for (const { lon, lat, rank, en, ar, isCountry } of names) {
        if ((isCountry || rank <= zoom + 1.5) && lon > view.west && lon < view.east) {
            put(arabic ? ar || en : en || ar, view.x(lon), view.y(lat) - (isCountry ? 0 : 5), isCountry ? 12 : 11, isCountry ? "country-name" : "town-name");
        }
    }
    return out;
}

export function Sites({ incident }: { incident: Incident }) {
    const { element, width } = useWidth();
    const main = incident.place ? spotOf(incident.place) : null;
    const spots = useMemo(() => [incident.place, ...(incident.sites ?? [])].map((place) => place && spotOf(place)).filter((spot, i, all) => spot !== null && (i === 0 || (all[0] && Math.hypot(spot.lat - all[0].lat, spot.lon - all[0].lon) < NEAR)) && (i === 0 || spot.lat !== all[0]?.lat || spot.lon !== all[0]?.lon)).filter((spot) => spot !== null), [incident, language.value]);
    const { data } = useResource(main ? "base-map" : null, async () => ({ outlines: await askOutlines(), names: await askNames().catch(() => []) }));
    const view = spots.length && width ? viewOf(spots, width) : null;
    const drawn = useMemo(() => (view && data ? landIn(data.outlines, view) : null), [data, width, spots]);
    if (!main) {
        return null;
    }
    const within = t("sites_radius", { place: main.name, km: main.km < 10 ? Math.round(main.km * 10) / 10 : Math.round(main.km) });
    return (
        <section class="panel sites" aria-labelledby="sites-title">
            <h2 id="sites-title">{t("sites_title")}</h2>
            <div ref={element} class="sites-map">
                {view && (
                    <svg width={width} height={HEIGHT} viewBox={`0 0 ${width} ${HEIGHT}`} role="img" aria-label={within}>
                        <rect class="sea" width={width} height={HEIGHT} />
                        {drawn?.map((path, i) => <path key={i} class="land" d={path} />)}
                        {spots.map((spot, i) => {
                            const r = (spot.km / KM_A_DEGREE / Math.cos((spot.lat * Math.PI) / 180)) * view.scale;
                            return <g key={i} class={i ? "site minor" : "site"}>{r > 5 && !i && <circle class="site-reach" cx={view.x(spot.lon)} cy={view.y(spot.lat)} r={r} />}<circle class="site-dot" cx={view.x(spot.lon)} cy={view.y(spot.lat)} r={i ? 3 : 4.5} /></g>;
                        })}
                        {labelsIn(data?.names ?? [], view, spots, width).map((label) => <text key={label.kind + label.words} class={label.kind} x={label.x} y={label.y} text-anchor="middle" font-size={label.kind === "town-name" ? 11 : 12.5}>{label.words}</text>)}
                    </svg>
                )}
            </div>
            <p class="hint">{within}</p>
        </section>
    );
}
