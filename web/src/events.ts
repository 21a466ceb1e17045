/* What happens in the ledger while one looks at it: GET /events. The browser's EventSource connects again by itself and
 * says which event it saw last. */
import { effect, signal, untracked } from "@preact/signals";
import { base } from "./base";
import { loadSession, session } from "./session";

/* "lost": events were missed, ask anew. */
export type EventName = "act" | "added" | "job" | "presence" | "proposal" | "session" | "lost";
/* still: this server tells no events. */
type Connection = "still" | "connecting" | "live" | "lost";

export const connection = signal<Connection>("still");

type Listener = (data: unknown) => void;
const listeners = new Map<EventName, Set<Listener>>();
const NAMES: EventName[] = ["act", "added", "job", "presence", "proposal", "session", "lost"];
const AGAIN_MS = 5000;
const LONGEST_MS = 60000;
let refusals = 0;
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
    connection.value = connection.peek() === "lost" ? "lost" : "connecting";
    source = new EventSource(base + "api/v1/events");
    source.onopen = () => {
        refusals = 0;
        connection.value = "live";
    };
    source.onerror = () => {
        connection.value = "lost";
        if (source?.readyState === EventSource.CLOSED) {
            // an answer that was no stream ends it for good
            timer = window.setTimeout(connect, Math.min(LONGEST_MS, AGAIN_MS * 2 ** refusals++));
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
        who.value = s?.may.includes("read") ? `${s.user?.id ?? "public"}` : "";
    });
    effect(() => {
        const somebody = who.value !== "";
        untracked(() => {
            disconnect();
            connection.value = "still";
            if (somebody) {
                connect();
            }
        });
    });
    on("session", () => void loadSession().catch(() => undefined));
    addEventListener("pagehide", disconnect);
    addEventListener("pageshow", (event) => event.persisted && who.peek() && connect());
}
