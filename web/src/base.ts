/* Addresses: everything stands below the base that the server wrote into <base href>. */
export type Query = Record<string, string | number | boolean | null | undefined | readonly (string | number)[]>;

export const base: string = new URL(document.baseURI).pathname.replace(/[^/]*$/, "");

/* ?a=1&b=2, without what is empty; a list gives its name several times. */
export function query(values: Query = {}): string {
    const fields = new URLSearchParams();
    for (const [name, value] of Object.entries(values)) {
        for (const one of Array.isArray(value) ? value : [value]) {
            if (one !== null && one !== undefined && one !== "" && one !== false) {
                fields.append(name, one === true ? "1" : String(one));
            }
        }
    }
    const text = fields.toString();
    return text && "?" + text;
}

/* The address of a page of the workspace: href("incidents/…", {…}). */
export const href = (path: string, values?: Query): string => base + path.replace(/^\//, "") + query(values);
export const incidentHref = (id: string, values?: Query): string => href("incidents/" + encodeURIComponent(id), values);
export const documentHref = (id: string, values?: Query): string => href("documents/" + encodeURIComponent(id), values);
export const voiceHref = (key: string, values?: Query): string => href("voices/" + encodeURIComponent(key), values);
export const asset = (name: string): string => base + "assets/" + name;
