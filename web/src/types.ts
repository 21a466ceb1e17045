/* The shapes of docs/formats.md that more than one view knows. */
export interface Figure {
    effect: string;
    min: number | null;
    max: number | null;
    approx?: boolean;
    stance?: string;
    class?: string | null;
    group?: string | null;
}

export interface Estimate {
    effect: string;
    class: string;
    group: string | null;
    low: number | null;
    high: number | null;
    best: number | null;
    high_open: boolean;
}

export interface PlaceOf {
    text?: string | null;
    name?: string | null;
    name_ar?: string | null;
    admin1?: string | null;
    admin1_ar?: string | null;
    country?: string | null;
    lat?: number | null;
    lon?: number | null;
    radius_km?: number | null;
}
