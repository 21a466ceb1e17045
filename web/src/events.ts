/* What happens in the ledger while one looks at it: GET /events. The browser's EventSource connects again by itself and
 * says which event it saw last. */
import { effect, signal } from "@preact/signals";
import { base } from "./base";
import { loadSession, session } from "./session";

export type EventName = "act" | "added" | "job" | "presence" | "proposal" | "session";
/* still: this server tells no events. */
export type Connection = "still" | "connecting" | "live" | "lost";

export const connection = signal<Connection>("still");

type Listener = (data: unknown) => void;
const listeners = new Map<EventName, Set<Listener>>();
const NAMES: EventName[] = ["act", "added", "job", "presence", "proposal", "session"];
const AGAIN_MS = 5000;
let source: EventSource | null = null;
let timer = 0;

function deliver(name: EventName, text: string): void {
    let data: unknown = null;
    try {
        data = JSON.parse(text);
    } catch {
        // an event without JSON is told as null
    }
    listeners.get(name)?.forEach((call) => call(data));
}

function disconnect(): void {
    clearTimeout(timer);
    source?.close();
    source = null;
}

function connect(): void {
    disconnect();
    connection.value = connection.value === "lost" ? "lost" : "connecting";
    source = new EventSource(base + "api/v1/events");
    source.onopen = () => (connection.value = "live");
    source.onerror = () => {
        connection.value = "lost";
        if (source?.readyState === EventSource.CLOSED) {
            timer = window.setTimeout(connect, AGAIN_MS); // an answer that was no stream ends it for good
        }
    };
    NAMES.forEach((name) => source!.addEventListener(name, (event) => deliver(name, (event as MessageEvent<string>).data)));
}

/* Calls back at every event of a name; gives what ends it. */
export function on<T = unknown>(name: EventName, call: (data: T) => void): () => void {
    const set = listeners.get(name) ?? new Set<Listener>();
    listeners.set(name, set.add(call as Listener));
    return () => void set.delete(call as Listener);
}

/* Connects while somebody who may read is here. */
export function startEvents(): void {
    const who = signal<string>("");
    effect(() => {
        const s = session.value;
        who.value = s?.known && s.may.includes("read") ? `${s.user?.id ?? "public"}` : "";
    });
    effect(() => {
        if (who.value) {
            connect();
        } else {
            disconnect();
            connection.value = "still";
        }
    });
    on("session", () => void loadSession().catch(() => undefined));
    addEventListener("pagehide", disconnect);
    addEventListener("pageshow", (event) => event.persisted && who.peek() && connect());
}
