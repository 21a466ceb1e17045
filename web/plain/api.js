// Asks the server that served this page; nothing else is ever asked.

export class ApiError extends Error {
    constructor(code, message) {
        super(message);
        this.code = code;
    }
}

export function query(values) {
    const fields = new URLSearchParams();
    for (const [name, value] of Object.entries(values)) {
        if (value !== null && value !== undefined && value !== "" && value !== false) {
            fields.set(name, value === true ? "1" : value);
        }
    }
    const text = fields.toString();
    return text ? "?" + text : "";
}

async function get(path, signal) {
    let response;
    try {
        response = await fetch("/api/v1/" + path, { signal, headers: { Accept: "application/json" } });
    } catch (error) {
        throw error.name === "AbortError" ? error : new ApiError(0, error.message);
    }
    const body = await response.json().catch(() => null);
    if (!response.ok || body === null) {
        throw new ApiError(response.status, body?.error?.message ?? response.statusText);
    }
    return body;
}

export const api = {
    incidents: (filter, signal) => get("incidents" + query(filter), signal),
    incident: (id, signal) => get("incidents/" + encodeURIComponent(id), signal),
    facets: (filter, signal) => get("facets" + query(filter), signal),
    document: (id, version, signal) => get("documents/" + encodeURIComponent(id) + query({ version }), signal),
    search: (text, offset, signal) => get("search" + query({ text, offset }), signal),
    statistics: (signal) => get("statistics", signal),
};
