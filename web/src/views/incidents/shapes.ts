/* What the server answers to the incidents page. */
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
