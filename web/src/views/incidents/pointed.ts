/* What is pointed at, by mouse or keyboard, in the list or on the map: the other shows it too. */
import { signal } from "@preact/signals";

interface Pointed {
    /* Who says so: it does not mark itself. */
    by: "list" | "map";
    id: string | null;
    lat: number;
    lon: number;
    radius_km: number;
}

export const pointed = signal<Pointed | null>(null);

const KM_A_DEGREE = 111.195;

/* How far two points are apart, well enough for circles on a map. */
export function kilometres(a: { lat: number; lon: number }, b: { lat: number; lon: number }): number {
    const across = (a.lon - b.lon) * Math.cos((((a.lat + b.lat) / 2) * Math.PI) / 180);
    return Math.hypot(a.lat - b.lat, across) * KM_A_DEGREE;
}
