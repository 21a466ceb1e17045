/* Asks the server that served this page; nothing else is ever asked. */
import { base, query, type Query } from "./base";

const ROOT = base + "api/v1/";
/* How often what dropped is sent again: what is only asked is soon asked by hand again, what was decided waits out a
 * longer gap (some 20 seconds). */
const NEVER = 0;
const ASKED = 2;
const DECIDED = 6;

export class ApiError extends Error {
    constructor(
        /* The HTTP status; 0 where no answer came. */
        readonly status: number,
        message: string,
        readonly code = "",
        /* The field of a form that is at fault. */
        readonly field = "",
        /* In seconds, of a 429 or 503. */
        readonly retryAfter = 0,
    ) {
        super(message);
    }
}

export const aborted = (error: unknown): boolean => error instanceof DOMException && error.name === "AbortError";

let csrf = "";
export const setCsrf = (token: string): void => void (csrf = token);
/* Called when an answer says that nobody is signed in (any more). */
let signedOut: () => void = () => undefined;
export const onSignedOut = (call: () => void): void => void (signedOut = call);

interface AskOptions {
    signal?: AbortSignal;
    query?: Query;
    headers?: Record<string, string>;
}

const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

/* Asks again where the connection dropped: only what may be asked twice. */
async function send(address: string, init: RequestInit, retries: number): Promise<Response> {
    for (let tried = 0; ; tried++) {
        try {
            return await fetch(address, init);
        } catch (error) {
            if (aborted(error)) {
                throw error;
            }
            if (tried >= retries) {
                throw new ApiError(0, "");
            }
            await pause(300 * 2 ** tried);
            init.signal?.throwIfAborted();
        }
    }
}

async function failure(response: Response): Promise<ApiError> {
    const body = await response.json().catch(() => null);
    const told = body?.error ?? {};
    const wait = Number(response.headers.get("Retry-After")) || 0;
    return new ApiError(response.status, told.message ?? response.statusText, told.code ?? "", told.field ?? "", wait);
}

async function ask<T>(method: string, path: string, body: BodyInit | undefined, retries: number, options: AskOptions): Promise<T> {
    const headers: Record<string, string> = { Accept: "application/json", ...options.headers };
    if (method !== "GET" && csrf) {
        headers["X-Isnad-CSRF"] = csrf;
    }
    const init: RequestInit = { method, headers, body: body ?? null, signal: options.signal ?? null, credentials: "same-origin" };
    const response = await send(ROOT + path + query(options.query), init, retries);
    if (!response.ok) {
        const error = await failure(response);
        if (response.status === 401 && path !== "session") {
            signedOut();
        }
        throw error;
    }
    if (response.status === 204) {
        return undefined as T;
    }
    return (await response.json().catch((error: unknown) => {
        throw aborted(error) ? error : new ApiError(response.status, "");
    })) as T;
}

/* A name for what is to act once, however often it is sent. (crypto.randomUUID is not there over plain HTTP.) */
export const newKey = (): string => Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");

const json = (value: unknown): string | undefined => (value === undefined ? undefined : JSON.stringify(value));
const typed = (options: AskOptions, value: unknown): AskOptions =>
    value === undefined ? options : { ...options, headers: { "Content-Type": "application/json", ...options.headers } };

export const get = <T>(path: string, values?: Query, signal?: AbortSignal): Promise<T> =>
    ask<T>("GET", path, undefined, ASKED, { ...(values && { query: values }), ...(signal && { signal }) });

export const post = <T>(path: string, value?: unknown, options: AskOptions = {}): Promise<T> =>
    ask<T>("POST", path, json(value), NEVER, typed(options, value));

/* Acts once however often it is sent: what is dropped is sent again under the same key. */
export const postOnce = <T>(path: string, value: unknown, key: string = newKey(), options: AskOptions = {}): Promise<T> =>
    ask<T>("POST", path, json(value), DECIDED, typed({ ...options, headers: { "Idempotency-Key": key, ...options.headers } }, value));

export const patch = <T>(path: string, value: unknown, options: AskOptions = {}): Promise<T> =>
    ask<T>("PATCH", path, json(value), ASKED, typed(options, value));

export const remove = <T = void>(path: string, options: AskOptions = {}): Promise<T> => ask<T>("DELETE", path, undefined, ASKED, options);

/* Sends a file as it is. `progress` gets the share that is sent; XMLHttpRequest alone tells it. */
export function upload<T>(path: string, file: Blob, values: Query, progress?: (share: number) => void, signal?: AbortSignal): Promise<T> {
    return new Promise((done, failed) => {
        const request = new XMLHttpRequest();
        signal?.throwIfAborted();
        request.open("POST", ROOT + path + query(values));
        request.setRequestHeader("Content-Type", "application/octet-stream");
        request.setRequestHeader("Accept", "application/json");
        if (csrf) {
            request.setRequestHeader("X-Isnad-CSRF", csrf);
        }
        request.responseType = "json";
        request.upload.onprogress = (event) => event.lengthComputable && progress?.(event.loaded / event.total);
        request.onerror = () => failed(new ApiError(0, ""));
        request.onabort = () => failed(new DOMException("", "AbortError"));
        request.onload = () => {
            const told = request.response?.error ?? {};
            if (request.status >= 200 && request.status < 300) {
                done(request.response as T);
            } else {
                if (request.status === 401) {
                    signedOut();
                }
                failed(new ApiError(request.status, told.message ?? request.statusText, told.code, told.field));
            }
        };
        signal?.addEventListener("abort", () => request.abort());
        request.send(file);
    });
}

/* The address of an answer that the browser saves: an export, a bundle, a capture. */
export const downloadHref = (path: string, values?: Query): string => ROOT + path + query(values);
