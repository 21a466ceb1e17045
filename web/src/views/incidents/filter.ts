/* What the incidents page asks for: all of it stands in the address, so that a page can be sent to others. Fields of
 * which any value holds are written with commas between them; a comma inside a value has a backslash before it. */
import type { Query } from "../../base";

export const SEVERAL = ["country", "admin1", "site", "effect", "event", "status", "grade", "assignee", "language", "outlet"] as const;
export const SINGLE = ["text", "from", "to", "place", "box", "least", "most", "voices", "voices_most", "disputed", "disagree", "order"] as const;
export type Several = (typeof SEVERAL)[number];
type Single = (typeof SINGLE)[number];
export type Field = Several | Single;

export type Filter = { readonly [F in Several]: readonly string[] } & { readonly [F in Single]: string };
export type Change = Partial<Filter>;

export const ORDERS = ["date-down", "date", "figure-down", "voices-down"] as const;

const parted = (text: string): string[] => (text ? text.split(/(?<!\\),/).map((part) => part.replaceAll("\\,", ",")) : []);
const joined = (values: readonly string[]): string => values.map((value) => value.replaceAll(",", "\\,")).join(",");

export function readFilter(query: URLSearchParams): Filter {
    const found: Record<string, string | string[]> = {};
    SEVERAL.forEach((name) => (found[name] = parted(query.get(name) ?? "")));
    SINGLE.forEach((name) => (found[name] = query.get(name) ?? ""));
    return found as unknown as Filter;
}

/* As the address has it. */
export function written(filter: Filter): Record<string, string> {
    const fields: Record<string, string> = {};
    SINGLE.forEach((name) => filter[name] && (fields[name] = filter[name]));
    SEVERAL.forEach((name) => filter[name].length && (fields[name] = joined(filter[name])));
    return fields;
}

/* As the server is asked: what accounts part on is one field with whether they part. */
export function asked(filter: Filter, without: readonly Field[] = []): Record<string, string> {
    const fields = written(filter);
    without.forEach((name) => delete fields[name]);
    const { disagree, ...rest } = fields;
    return disagree ? { ...rest, disputed: disagree } : rest;
}

export const keyOf = (fields: Query): string => JSON.stringify(fields);

export const isFiltered = (filter: Filter): boolean =>
    SEVERAL.some((name) => filter[name].length > 0) || SINGLE.some((name) => name !== "order" && filter[name] !== "");

export const toggled = (values: readonly string[], value: string): string[] =>
    values.includes(value) ? values.filter((other) => other !== value) : [...values, value];

export interface Box {
    south: number;
    west: number;
    north: number;
    east: number;
}

export function readBox(text: string): Box | null {
    const sides = text.split(",").map(Number);
    const [south, west, north, east] = sides;
    return text && sides.length === 4 && sides.every(Number.isFinite) ? { south: south!, west: west!, north: north!, east: east! } : null;
}

export const writtenBox = ({ south, west, north, east }: Box): string => [south, west, north, east].map((side) => +side.toFixed(4)).join(",");
