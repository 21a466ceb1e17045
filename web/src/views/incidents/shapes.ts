/* What the server answers to the incidents page. */
import type { Estimate, PlaceOf } from "../../types";

export interface Snippet {
    text: string;
    start: number;
    marks: [number, number][];
    title?: string | null;
}

export interface Summary {
    id: string;
    event: string | null;
    date: string | null;
    place: PlaceOf | null;
    documents: number;
    voices: { told: number; independent: number };
    estimates: Estimate[];
    disagreements: number;
    title: string | null;
    status: string;
    grade: string | null;
    assignee: string | null;
    sensitive: boolean;
    snippet?: Snippet | null;
}

export interface IncidentsAnswer {
    incidents: Summary[];
    total: number;
    capped: boolean;
    next?: string | null;
}

export interface FacetValue {
    value: string;
    count: number;
    name?: string | null;
    name_ar?: string | null;
    from?: number;
    to?: number | null;
}

type FacetName = "countries" | "admin1" | "places" | "events" | "effects" | "years" | "figures" | "voices" | "disagreement" | "statuses" | "grades" | "assignees" | "languages" | "outlets";
export type FacetsAnswer = { total: number; capped: boolean; disputed: number } & Partial<Record<FacetName, FacetValue[]>>;

export interface Bucket {
    from: string;
    to: string;
    incidents: number;
    disputed: number;
    killed: number;
}

export interface TimelineAnswer {
    unit: "day" | "month" | "year";
    buckets: Bucket[];
    undated?: number;
}

export interface MapPlace {
    lat: number;
    lon: number;
    radius_km: number;
    incidents: number;
    incident: string | null;
    name: string | null;
    name_ar: string | null;
    killed: number;
    precise: boolean;
}

export interface MapAnswer {
    places: MapPlace[];
    total?: number;
    without_place?: number;
}
